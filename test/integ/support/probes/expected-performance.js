'use strict';
// How a recommendation job spells what it has measured: each metric with its statistic and its unit.
const { DescribeAIRecommendationJobCommand, SageMakerClient } = require('@aws-sdk/client-sagemaker');

const { AIRecommendationJobName } = JSON.parse(process.env.INPUT);

exports.handler = async () => {
  const { Recommendations } = await new SageMakerClient({}).send(new DescribeAIRecommendationJobCommand({ AIRecommendationJobName }));
  const figures = Recommendations.flatMap(({ ExpectedPerformance = [] }) => ExpectedPerformance);
  const spelled = figures.map(({ Metric, Stat = 'none', Unit = 'none' }) => `${Metric} ${Stat} ${Unit}`);
  return { spelled: [...new Set(spelled)].join('; ').slice(0, 2000) };
};
