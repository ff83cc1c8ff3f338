from pathlib import Path

from aws_cdk import App, CfnOutput, RemovalPolicy, Stack
from cdk_sagemaker_inference_recommender import (
    BenchmarkTarget,
    ContainerImage,
    Endpoint,
    EndpointConfig,
    InferenceRecommendationsJob,
    JobType,
    MlDomain,
    MlFramework,
    MlTask,
    Model,
    ModelData,
    ModelPackage,
    ModelPackageContainer,
    ModelPackageGroup,
    Objective,
    SamplePayload,
    Variant,
)

HERE = Path(__file__).resolve().parent

app = App()
stack = Stack(
    app,
    "QuickStart",
    description="A model, benchmarked and deployed on the instance that the benchmark recommends",
)

# `cdk deploy -c objective=latency` chooses the fastest instance instead. It starts no new job.
if app.node.try_get_context("objective") == "latency":
    objective = Objective.lowest_latency()
else:
    objective = Objective.lowest_cost_per_inference()

model_package = ModelPackage(
    stack,
    "ModelPackage",
    model_package_group=ModelPackageGroup(stack, "Group", removal_policy=RemovalPolicy.DESTROY),
    domain=MlDomain.MACHINE_LEARNING,
    task=MlTask.CLASSIFICATION,
    # A struct in a list is made by its name. jsii would drop the keys of a dict here without a word.
    containers=[
        ModelPackageContainer(
            image=ContainerImage.from_registry("683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.3-1"),
            model_data=ModelData.from_asset(str(HERE / "model.tar.gz")),
            framework=MlFramework.XGBOOST,
            framework_version="1.3-1",
            data_input_config='{"input":[1,10]}',
        )
    ],
    sample_payload=SamplePayload.from_asset(str(HERE / "payload")),
    supported_content_types=["text/csv"],
    supported_response_mime_types=["text/csv"],
    removal_policy=RemovalPolicy.DESTROY,
)

job = InferenceRecommendationsJob(
    stack,
    "Job",
    target=BenchmarkTarget.from_model_package(model_package),
    job_type=JobType.instance_recommendation(),
)

best = job.add_recommendation("Best", objective=objective)
model = Model(stack, "Model", recommendation=best)
config = EndpointConfig(stack, "Config", variants=[Variant.from_recommendation(model, best)])
endpoint = Endpoint(stack, "Endpoint", endpoint_config=config)

CfnOutput(stack, "JobName", value=best.job_name)
CfnOutput(stack, "RecommendationId", value=best.recommendation_id)
CfnOutput(stack, "EndpointName", value=endpoint.endpoint_name)

app.synth()
