from aws_cdk import App, CfnOutput, Duration, Size, Stack
from cdk_sagemaker_inference_recommender import (
    BenchmarkTarget,
    EndpointAutoScalingOptions,
    EndpointCandidate,
    FixedRecommendation,
    FlatInvocations,
    InferenceRecommendationsJob,
    InstanceType,
    JobType,
    LatencyPercentile,
    ModelLatencyThreshold,
    ModelPackage,
    ModelPackageGroup,
    Objective,
    RecommendationLimits,
    RecommendedEndpoint,
    TargetLoad,
    TrafficPattern,
    TrafficPhase,
)

app = App()
stack = Stack(app, "LoadTest", description="A version of a model registry under your own traffic, deployed on what serves the load at the lowest cost")

# Version 3 of the group `churn`. Another team may have registered it, from Python too.
model_package = ModelPackage.from_model_package_version(stack, "Version", ModelPackageGroup.from_model_package_group_name(stack, "Group", "churn"), 3)

job = InferenceRecommendationsJob(
    stack,
    "Job",
    target=BenchmarkTarget.from_model_package(model_package),
    job_type=JobType.load_test(
        max_duration=Duration.hours(3),
        # Structs in a list: by name, never as dicts.
        traffic_pattern=TrafficPattern.phases(
            [
                TrafficPhase(initial_number_of_users=1, spawn_rate=1, duration=Duration.minutes(2)),
                TrafficPhase(initial_number_of_users=3, spawn_rate=1, duration=Duration.minutes(10)),
            ]
        ),
        endpoint_candidates=[
            # InstanceType.of() has the type's own name. The constant would be ML_C5_2_XLARGE here, and ML_C5_2XLARGE in TypeScript.
            EndpointCandidate.instance(InstanceType.of("ml.c5.2xlarge")),
            # A map keeps its keys: they are the names of environment variables.
            EndpointCandidate.instance(InstanceType.of("ml.c6i.2xlarge"), environment={"OMP_NUM_THREADS": ["2", "4"]}),
            EndpointCandidate.serverless(memory_size=Size.gibibytes(2), max_concurrency=5),
        ],
        model_latency_threshold=ModelLatencyThreshold(percentile=LatencyPercentile.P95, value=Duration.millis(100)),
        flat_invocations=FlatInvocations.STOP,
    ),
)

served = RecommendedEndpoint(
    stack,
    "Served",
    model_package=model_package,
    job=job,
    objective=Objective.lowest_cost_per_hour(),
    # A struct that is a property of its own may also be a dict: `{"invocations_per_minute": 50_000}`. Types are checked only of the named one.
    target_load=TargetLoad(invocations_per_minute=50_000, headroom_percent=20),
    limits=RecommendationLimits(max_cost_per_hour=5, allowed_instance_families=["ml.c5", "ml.c6i"]),
    fallback=FixedRecommendation(instance_type=InstanceType.of("ml.c5.2xlarge"), initial_instance_count=4),
    auto_scaling=EndpointAutoScalingOptions(min_capacity=2, max_invocations_per_minute=200_000),
)

CfnOutput(stack, "EndpointName", value=served.endpoint.endpoint_name)
CfnOutput(stack, "BenchmarkSteps", value=job.add_results().benchmark_steps)

app.synth()
