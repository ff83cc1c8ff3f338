import { mkdtempSync } from 'fs';
import { join } from 'path';
import { Annotations, App, CfnOutput, Duration, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  BenchmarkTarget, CrossStackReference, EndpointConfig, InferenceRecommendationsJob, InferenceRecommendationsJobProps, InstanceType, Model, Objective,
  Recommendation, RecommendationOptions, RecommendationReplica, Variant, Wait,
} from '../../../src';
import { EVENT_SOURCE, JOB_STATE_CHANGE, RECOMMENDATION_CHANGE } from '../../../src/contract/events';
import {
  arn, atDeploy, deployed, idOf, idsOf, importedPackage, jobIn, newStack, ofType, only, packageIn, permissionsOf, SCRATCH, sorted, STACK_ID,
} from '../../harness/constructs';
import { warningsOf } from '../../harness/endpoints';

const FALLBACK = { fallback: { instanceType: InstanceType.ML_M5_LARGE } };

function inBackground(props: Partial<InferenceRecommendationsJobProps> = {}, stack = newStack(), options: RecommendationOptions = {}) {
  const job = jobIn(stack, { wait: Wait.inBackground(), ...props });
  return { stack, job, best: job.addRecommendation('Best', { ...FALLBACK, ...options }) };
}

describe('a job in the background', () => {
  test('is started and followed, and nothing waits for it', () => {
    const { stack } = inBackground();
    const resources = deployed(stack);
    expect(ofType(resources, 'Custom::InferenceRecommendationsJobWait')).toEqual([]);
    const [start] = idsOf(resources, 'Custom::InferenceRecommendationsJob');
    const { Properties: followed, DependsOn } = only(resources, 'Custom::InferenceRecommendationsJobFollow');
    expect(followed).toMatchObject({ JobName: `${start}.JobName`, JobLogicalId: start, StateMachineArn: arn('states', `stateMachine:${idOf(resources, 'InferenceRecommenderRuntimeFollowingWait')}`) });
    // What is written there before stands before it and goes after it.
    const [recommendation] = idsOf(resources, 'Custom::InferenceRecommendation');
    expect(DependsOn).toContain(recommendation);
    expect(resources[start].Properties.ToleratesFailure).toBe('true');
  });

  test('hands each recommendation over as its own resource is given it', () => {
    const { stack, job } = inBackground();
    job.addRecommendation('Fast', { ...FALLBACK, objective: Objective.lowestLatency(), parameterPath: '/shop/fast' });
    const resources = deployed(stack);
    const given = Object.entries(resources).filter(([, { Type }]) => Type === 'Custom::InferenceRecommendation').map(([LogicalResourceId, { Properties }]) => {
      const { ServiceToken: _token, ServiceTimeout: _timeout, JobName: _name, ...properties } = Properties;
      return { LogicalResourceId, ...properties };
    });
    expect(given.map(({ ParameterPath, InBackground }) => [ParameterPath, InBackground])).toEqual([
      [expect.stringMatching(/^\/cdk-sagemaker-inference-recommender\/Shop\/Shop-Job-Best-/), 'true'], ['/shop/fast', 'true'],
    ]);
    expect(only(resources, 'Custom::InferenceRecommendationsJobFollow').Properties.Recommendations).toEqual(given);
  });

  test('needs a fallback for each recommendation', () => {
    const { job } = inBackground();
    expect(() => job.addRecommendation('Other')).toThrow('`fallback` or `startFrom` is required if the job runs in the background: it is deployed until there is a first result.');
  });

  test('has no results, which nothing waits for', () => {
    expect(() => inBackground().job.addResults()).toThrow('`addResults` needs a job that the deploy waits for: leave `wait` out.');
  });

  test('has at most 10 recommendations, because one request puts the events of all of them', () => {
    const { job } = inBackground();
    for (let count = 2; count <= 10; count++) { job.addRecommendation(`No${count}`, FALLBACK); }
    expect(() => job.addRecommendation('No11', FALLBACK)).toThrow('can have at most 10 recommendations, got one more');
  });

  test('a model in its own stack is of the package, and of what the recommendation answers', () => {
    const stack = newStack();
    const { best } = inBackground({ target: BenchmarkTarget.fromModelPackage(packageIn(stack)) }, stack);
    new Model(stack, 'Model', { recommendation: best });
    const resources = deployed(stack);
    const [recommendation] = idsOf(resources, 'Custom::InferenceRecommendation');
    expect(only(resources, 'Custom::InferenceRecommendationModel').Properties).toMatchObject({ CompilationJobName: `${recommendation}.CompilationJobName` });
    expect(resources[recommendation].Properties.ModelPackageArn).toMatch(/model-package/);
  });

  describe('warns of what is deployed from it in its own stack', () => {
    const note = (consume: (stack: Stack, best: Recommendation) => void, props = {}, options = {}) => {
      const { stack, best } = inBackground({ target: BenchmarkTarget.fromModelPackage(importedPackage(newStack())), ...props }, newStack(), options);
      consume(stack, best);
      return warningsOf(stack).filter((id) => id === 'OwnStackFallback');
    };
    const serve = (stack: Stack, best: Recommendation) => {
      const model = new Model(stack, 'Model', { recommendation: best });
      new EndpointConfig(stack, 'Config', { variants: [Variant.fromRecommendation(model, best)] });
    };

    test('once', () => {
      expect(note(serve)).toEqual(['OwnStackFallback']);
    });

    test('in a nested stack of it', () => {
      expect(note((stack, best) => serve(new NestedStack(stack, 'Nested'), best))).toEqual(['OwnStackFallback']);
    });

    test('in another stack that gets exports', () => {
      const exporting = { crossStackReference: CrossStackReference.CDK };
      expect(note((stack, best) => serve(new Stack(stack.node.root, 'Other'), best), {}, exporting)).toEqual(['OwnStackFallback']);
    });

    test.each<[string, (stack: Stack, best: Recommendation) => void, Partial<InferenceRecommendationsJobProps>]>([
      ['an output', (stack, best) => { new CfnOutput(stack, 'InstanceType', { value: best.instanceType }); }, {}],
      ['a replica', (stack, recommendation) => { new RecommendationReplica(stack, 'Replica', { recommendation, region: 'eu-west-1' }); }, {}],
      ['another stack', (stack, best) => { serve(new Stack(stack.node.root, 'Other'), best); }, {}],
      ['a job that is waited for', serve, { wait: Wait.forCompletion() }],
      ['a warning that is acknowledged', (stack, best) => {
        serve(stack, best);
        Annotations.of(best).acknowledgeWarning('cdk-sagemaker-inference-recommender:OwnStackFallback');
      }, {}],
    ])('but not of %s', (_what, consume, props) => {
      expect(note(consume, props)).toEqual([]);
    });
  });

  test('synth twice gives the same template', () => {
    const text = () => JSON.stringify(Template.fromStack(inBackground().stack).toJSON());
    expect(text()).toBe(text());
  });

  test('without jobs, is followed by nothing', () => {
    const stack = newStack();
    stack.node.setContext('cdk-sagemaker-inference-recommender:withoutJobs', true);
    const { job, best } = inBackground({}, stack);
    job.onFailed('Failed');
    best.onChange('Changed');
    new CfnOutput(stack, 'InstanceType', { value: best.instanceType });
    const resources = deployed(stack);
    expect(Object.values(resources).filter(({ Type }) => /^Custom|StateMachine|Lambda/.test(Type))).toEqual([]);
    expect(ofType(resources, 'AWS::Events::Rule')).toHaveLength(2);
  });
});

describe('a rule', () => {
  const pattern = (stack: Stack) => only(deployed(stack), 'AWS::Events::Rule').Properties.EventPattern;

  test.each([
    ['onStateChange', undefined], ['onCompleted', ['COMPLETED']], ['onFailed', ['FAILED', 'STOPPED']],
  ] as const)('%s is for this job of this stack', (method, Status) => {
    const { stack, job } = inBackground();
    job[method]('Rule', { ruleName: 'named', description: 'described' });
    expect(pattern(stack)).toEqual({
      'source': [EVENT_SOURCE],
      'detail-type': [JOB_STATE_CHANGE],
      'detail': { StackId: [STACK_ID], LogicalResourceId: [idOf(deployed(stack), 'Job')], ...Status && { Status } },
    });
    expect(only(deployed(stack), 'AWS::Events::Rule').Properties).toMatchObject({ Name: 'named', Description: 'described' });
  });

  test('onChange is for this recommendation', () => {
    const { stack, best } = inBackground();
    best.onChange('Rule', { eventPattern: { detail: { Adopted: [true] } } });
    expect(pattern(stack)).toEqual({
      'source': [EVENT_SOURCE],
      'detail-type': [RECOMMENDATION_CHANGE],
      'detail': { StackId: [STACK_ID], LogicalResourceId: [idOf(deployed(stack), 'JobBest')], Adopted: [true] },
    });
  });

  test('in another stack is for the stack of the job still', () => {
    const app = new App({ outdir: mkdtempSync(join(SCRATCH, 'cdk.out-')), analyticsReporting: false });
    const [producer, listener] = [new Stack(app, 'Producer'), new Stack(app, 'Listener')];
    jobIn(producer, { wait: Wait.inBackground() }).onCompleted('Rule', { crossStackScope: listener });
    app.synth();
    const { Resources } = Template.fromStack(listener).toJSON();
    const { Outputs } = Template.fromStack(producer).toJSON();
    const [rule] = ofType(Resources, 'AWS::Events::Rule');
    expect(Object.values<any>(Outputs).map(({ Value }) => Value)).toEqual([{ Ref: 'AWS::StackId' }]);
    expect(rule.Properties.EventPattern.detail.StackId).toEqual([{ 'Fn::ImportValue': expect.stringContaining('Producer') }]);
  });

  test('on the job makes it followed, where the deploy waits for it', () => {
    const stack = newStack();
    const job = jobIn(stack);
    expect(ofType(deployed(stack), 'Custom::InferenceRecommendationsJobFollow')).toEqual([]);
    const other = newStack();
    jobIn(other).onCompleted('Done');
    const resources = deployed(other);
    expect(only(resources, 'Custom::InferenceRecommendationsJobFollow').Properties.Recommendations).toBeUndefined();
    expect(ofType(resources, 'Custom::InferenceRecommendationsJobWait')).toHaveLength(2);
    expect(job.jobName).toBeDefined();
  });

  test('on a recommendation that is waited for is refused', () => {
    const best = jobIn(newStack()).addRecommendation('Best');
    expect(() => best.onChange('Rule')).toThrow('`onChange` needs a job that runs in the background: set its `wait` to `Wait.inBackground()`.');
  });
});

describe('permissions', () => {
  const { stack } = inBackground();
  const resources = deployed(stack);
  const roleOf = (start: string) => permissionsOf(resources, idOf(resources, start));
  const machine = idOf(resources, 'InferenceRecommenderRuntimeFollowingWait');

  test('the machine may read the stack\'s jobs, invoke one function, and put events on the default bus', () => {
    expect(sorted(roleOf('InferenceRecommenderRuntimeFollowingWaitRole'))).toEqual({
      'sagemaker:DescribeInferenceRecommendationsJob': [arn('sagemaker', 'inference-recommendations-job/d07afaab-*')],
      'sagemaker:ListInferenceRecommendationsJobs': ['*'],
      'lambda:InvokeFunction': [arn('lambda', `function:${idOf(resources, 'InferenceRecommenderRuntimeRecommendFunction')}`)],
      'events:PutEvents': [arn('events', 'event-bus/default')],
    });
  });

  test('the start function may start, list and stop executions of the two machines, and no others', () => {
    const { 'states:StartExecution': start, 'states:StopExecution': stop } = sorted(roleOf('InferenceRecommenderRuntimeStartRole'));
    expect(start).toEqual(['InferenceRecommenderRuntimeFollowingWait', 'InferenceRecommenderRuntimeWait'].map((id) => arn('states', `stateMachine:${idOf(resources, id)}`)).sort());
    const machines = [machine, idOf(resources, 'InferenceRecommenderRuntimeWait')].map((id) => arn('states', `execution:${id}`));
    expect(stop.filter((resource) => !machines.some((executions) => resource.startsWith(executions)))).toEqual([]);
    expect(stop).toContain(arn('states', `execution:${machine}.Name:*`));
  });

  test('what stops the following is there as long as what follows', () => {
    const [follower] = Object.values(resources).filter(({ Type }) => Type === 'Custom::InferenceRecommendationsJobFollow');
    const stopping = Object.keys(resources).filter((id) => id.startsWith('InferenceRecommenderRuntimeStoppingPolicy'));
    expect(stopping).toHaveLength(1);
    expect(follower.DependsOn).toEqual(expect.arrayContaining(stopping));
    expect(resources[stopping[0]].Properties.PolicyDocument.Statement).toMatchObject([{ Action: 'states:ListExecutions' }, { Action: 'states:StopExecution' }]);
  });

  test('a job that is waited for has none of them', () => {
    const waiting = newStack();
    jobIn(waiting).addRecommendation('Best');
    const found = /ssm:|Following/.exec(JSON.stringify(deployed(waiting)));
    expect(found).toBeNull();
  });
});

describe('a job that something else started', () => {
  const imported = (maxDuration?: Duration, fallback = {}) => {
    const stack = newStack();
    const job = InferenceRecommendationsJob.fromJobAttributes(stack, 'Job', { jobName: 'elsewhere', maxDuration });
    job.addRecommendation('Best', fallback);
    return { stack, resources: deployed(stack), job };
  };

  test.each([[0.5, 2], [2, 4], [5, 8]])('that may run for %s hours is waited for by %s stages, and never started', (hours, stages) => {
    const { resources } = imported(Duration.hours(hours));
    const waits = ofType(resources, 'Custom::InferenceRecommendationsJobWait').map(({ Properties }) => Properties);
    expect(waits).toHaveLength(stages);
    expect(waits.map(({ IsImported, Request, ToleratesFailure }) => [IsImported, Request, ToleratesFailure])).toEqual(Array(stages).fill(['true', {}, undefined]));
    expect(ofType(resources, 'Custom::InferenceRecommendationsJob')).toEqual([]);
    expect(only(resources, 'Custom::InferenceRecommendation').Properties.JobName).toMatch(new RegExp(`^JobWait${stages}[0-9A-F]{8}.JobName$`));
  });

  test('with a fallback may fail', () => {
    const { resources } = imported(Duration.hours(1), FALLBACK);
    expect(ofType(resources, 'Custom::InferenceRecommendationsJobWait').map(({ Properties }) => Properties.ToleratesFailure)).toEqual(['true', 'true', 'true']);
  });

  test('no resource waits for what waits for it', () => {
    const { stack } = imported(Duration.hours(1));
    // The check for cycles is the assertions' own.
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('is read by its own name, by whoever waits and whoever chooses, and by nobody without', () => {
    const { resources } = imported(Duration.hours(1));
    for (const role of ['StartRole', 'WaitEndRole', 'RecommendRole', 'WaitRole']) {
      const described = permissionsOf(resources, idOf(resources, `InferenceRecommenderRuntime${role}`))['sagemaker:DescribeInferenceRecommendationsJob'];
      // The stack's own namespaces are read as long as it has such functions: a job of its own may have been there before.
      expect(described.filter((job) => !/\/[0-9a-f]{8}-\*/.test(job))).toEqual([arn('sagemaker', 'inference-recommendations-job/elsewhere')]);
    }
    const stack = newStack();
    jobIn(stack).addRecommendation('Best');
    expect(JSON.stringify(deployed(stack))).not.toContain('elsewhere');
  });

  test('without jobs and with figures of the code is neither read nor waited for', () => {
    const stack = newStack();
    stack.node.setContext('cdk-sagemaker-inference-recommender:withoutJobs', true);
    const job = InferenceRecommendationsJob.fromJobAttributes(stack, 'Job', { jobName: 'elsewhere', maxDuration: Duration.hours(1) });
    const best = job.addRecommendation('Best', FALLBACK);
    expect(atDeploy(stack, best.instanceType)).toBe('ml.m5.large');
    expect(deployed(stack)).toEqual({});
  });

  test.each([Duration.seconds(0), Duration.hours(6)])('cannot run for %s', (maxDuration) => {
    expect(() => imported(maxDuration)).toThrow(/`maxDuration`/);
  });
});
