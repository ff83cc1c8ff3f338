import type { Place } from '../../../cli/src/diagnose/facts';

/** How a service, a container or CloudFormation has worded a failure in public, and the cause that it has. */
export interface Wording {
  readonly cause: string;
  readonly place: Place;
  readonly text: string;
  readonly source: string;
}

const issue = (repository: string, number: number) => `https://github.com/${repository}/issues/${number}`;
const GUIDE = 'https://docs.aws.amazon.com/sagemaker/latest/dg/inference-recommender-troubleshooting.html';
const [EXAMPLES, SDK] = ['aws/amazon-sagemaker-examples', 'aws/sagemaker-python-sdk'];

/** Short quotes from public reports, with where they stand. */
export const WORDINGS: readonly Wording[] = [
  // The guide's own table.
  { cause: 'domain-missing', place: 'job', text: 'Specify Domain in the Model Package version 1. Domain is a mandatory parameter for the job.', source: GUIDE },
  { cause: 'framework-missing', place: 'job', text: 'Specify Framework in the Model Package version 1. Framework is a mandatory parameter for the job.', source: GUIDE },
  { cause: 'role-not-assumable', place: 'job', text: 'Provided role ARN cannot be assumed and an AWSSecurityTokenServiceException error occurred.', source: GUIDE },
  { cause: 'users-between-phases', place: 'job', text: 'Users at the end of prev phase is 0 while initial users of current phase is 1.', source: GUIDE },
  { cause: 'traffic-too-long', place: 'job', text: 'Total traffic duration (across) should not be more than job duration.', source: GUIDE },
  { cause: 'burstable-type', place: 'job', text: 'Burstable instance type ml.t2.medium is not allowed.', source: GUIDE },
  { cause: 'quota', place: 'benchmark', text: 'ResourceLimitExceeded when calling CreateEndpoint operation', source: GUIDE },
  { cause: 'model-error', place: 'benchmark', text: 'ModelError when calling InvokeEndpoint operation', source: GUIDE },
  { cause: 'payload-error', place: 'benchmark', text: 'PayloadError when calling InvokeEndpoint operation', source: GUIDE },

  { cause: 'model-error', place: 'job', text: 'INVALID_INPUT : 1. Model (owned by the customer in the container) returned 4xx or 5xx error code.', source: issue(EXAMPLES, 3074) },
  { cause: 'quota', place: 'benchmark', text: 'An error occurred (ResourceLimitExceeded) when calling the CreateEndpoint operation: The account-level service limit \'ml.m4.xlarge for endpoint usage\' is 0 Instances, with current utilization of 0 Instances and a request delta of 1 Instances. Please contact AWS support to request an increase for this limit.', source: issue(EXAMPLES, 307) },
  { cause: 'quota', place: 'event', text: 'The account-level service limit \'ml.m5.large for endpoint usage\' is 0 Instances, with current utilization of 0 Instances and a request delta of 1 Instances. (Service: AmazonSageMaker; Status Code: 400; Error Code: ResourceLimitExceeded; Proxy: null)', source: issue('aws-samples/sagemaker-custom-project-templates', 51) },
  { cause: 'insufficient-capacity', place: 'job', text: 'CapacityError: Unable to provision requested ML compute capacity. Please retry using a different ML instance type.', source: issue('DIAGNijmegen/rse-grand-challenge', 2631) },
  { cause: 'insufficient-capacity', place: 'event', text: 'Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error.', source: 'https://github.com/aws/deep-learning-containers/pull/6673' },
  { cause: 'insufficient-capacity', place: 'benchmark', text: 'EC2InsufficientCapacityError: Instance type \'ml.g5.48xlarge\' is temporarily unavailable in supported availability zones [euw1-az1].', source: issue('aws/amazon-sagemaker-feedback', 99) },
  { cause: 'ping-failed', place: 'event', text: 'The primary container for production variant AllTraffic did not pass the ping health check. Please check CloudWatch logs for this endpoint.', source: issue('awslabs/llm-hosting-container', 18) },
  { cause: 'container-start', place: 'event', text: 'CannotStartContainerError. Please ensure the model container for variant comfyui-sample starts correctly when invoked with \'docker run <image> serve\'', source: issue('aws-samples/comfyui-on-amazon-sagemaker', 2) },
  { cause: 'container-start', place: 'log', text: 'exec: "serve": executable file not found in $PATH', source: issue(EXAMPLES, 628) },
  { cause: 'container-start', place: 'log', text: 'FileNotFoundError: [Errno 2] No such file or directory: \'nginx\': \'nginx\'', source: issue('aws/sagemaker-mxnet-inference-toolkit', 80) },
  { cause: 'wrong-architecture', place: 'log', text: 'exec ./entrypoint.sh: exec format error', source: issue('aws-samples/aws-lex-conv-faq', 8) },
  { cause: 'wrong-architecture', place: 'log', text: 'NRT: nrt_init     This instance has no neuron devices. please run on an instance that supports Neuron, for example inf1', source: issue('aws-neuron/aws-neuron-sdk', 633) },
  { cause: 'out-of-memory', place: 'log', text: 'runtimeError: 507 - System out of memory', source: issue('aws-neuron/aws-neuron-sdk', 426) },
  { cause: 'out-of-memory', place: 'log', text: '[WARNING] Worker with pid 17 was terminated due to signal 9', source: issue(EXAMPLES, 3148) },
  { cause: 'out-of-memory', place: 'benchmark', text: 'An error occurred (ModelError) when calling the InvokeEndpoint operation: Received server error (507) from primary and could not load the entire response body.', source: issue('aws-samples/amazon-sagemaker-genai-content-moderation', 5) },
  { cause: 'invocation-timeout', place: 'benchmark', text: 'An error occurred (ModelError) when calling the InvokeEndpoint operation: Received server error (0) from model with message "Amazon SageMaker could not get a response from the RCF-container2 endpoint. This can occur when CPU or memory utilization is high."', source: issue(EXAMPLES, 3089) },
  { cause: 'invocation-timeout', place: 'benchmark', text: 'Your invocation timed out while waiting for a response from container primary. Review the latency metrics for each container in Amazon CloudWatch, resolve the issue, and try again.', source: issue('aws-samples/host-yolov8-on-sagemaker-endpoint', 21) },
  { cause: 'content-type', place: 'benchmark', text: 'An error occurred (ModelError) when calling the InvokeEndpoint operation: Received client error (415) from primary with message "application/json is not an accepted ContentType: csv, libsvm, parquet".', source: issue('aws/sagemaker-xgboost-container', 390) },
  { cause: 'content-type', place: 'benchmark', text: 'Received client error (406) from model with message "Accept type \'application/json\' is not supported."', source: issue(EXAMPLES, 4839) },
  { cause: 'content-type', place: 'log', text: 'ValueError: Content type text/csv; charset=utf-8 is not supported.', source: issue(EXAMPLES, 729) },
  { cause: 'content-type', place: 'log', text: '{"error": "Unsupported Media Type: application/x-image"}', source: issue('aws/sagemaker-tensorflow-serving-container', 162) },
  { cause: 'payload-too-large', place: 'benchmark', text: 'An error occurred (413) when calling the InvokeEndpoint operation: HTTP content length exceeded 5246976 bytes.', source: issue(EXAMPLES, 245) },
  { cause: 'payload-too-large', place: 'benchmark', text: 'An error occurred (ValidationError) when calling the InvokeEndpoint operation: Request has oversize body.', source: issue(SDK, 4271) },
  { cause: 'image-denied', place: 'event', text: 'The role \'arn:aws:iam::911100000000:role/test-role\' does not have BatchGetImage permission for the image: \'763104351884.dkr.ecr.us-east-1.amazonaws.com/tensorflow-inference:1.15.2-gpu\'.', source: issue(SDK, 2002) },
  { cause: 'image-denied', place: 'event', text: 'Please make sure all images included in the model for the production variant variant-1 exist, and that the execution role used to create the model has permissions to access them.', source: issue('yuyasugano/terraform-sagemaker-sample-1', 1) },
  { cause: 'image-denied', place: 'event', text: 'The repository of your image does not grant ecr:GetDownloadUrlForLayer, ecr:BatchGetImage, ecr:BatchCheckLayerAvailability permission to sagemaker.amazonaws.com service principal.', source: issue('aws/deep-learning-containers', 5657) },
  { cause: 'image-too-large', place: 'event', text: 'Image size 13494688833 is greater than supported size 10737418240', source: issue('aws/deep-learning-containers', 4616) },
  { cause: 'input-unreadable', place: 'event', text: 'Could not access model data at s3://bucket/output/model/. Please ensure that the role "arn" exists and that its trust relationship policy allows the action "sts:AssumeRole" for the service principal "sagemaker.amazonaws.com". Also ensure that the role has "s3:GetObject" permissions.', source: issue('philschmid/llm-sagemaker-sample', 2) },
  { cause: 'no-way-to-s3', place: 'event', text: 'Failed to download model data from URL "s3://bucket/model/". Please ensure that an S3 VPC endpoint exists in route table or NAT gateway for the VPC mode and the URL is reachable from within the subnets provided.', source: issue('aws-solutions-library-samples/guidance-for-text-generation-using-embeddings-from-enterprise-data-on-aws', 3) },
  { cause: 'no-way-to-s3', place: 'job', text: 'ClientError: Artifact upload failed:Please ensure that the subnet\'s route table has a route to an S3 VPC endpoint or a NAT device', source: 'https://github.com/aws/amazon-sagemaker-operator-for-k8s/pull/22' },
  { cause: 'role-not-assumable', place: 'job', text: 'InvalidInputException: SageMaker is unable to perform: sts:AssumeRole on the role. Check if you have a trust relationship for \'sagemaker.amazonaws.com\' to assume the role.', source: 'https://github.com/astronomer/docs/pull/1695' },
  { cause: 'role-not-assumable', place: 'event', text: 'Could not assume role arn:aws:iam::111111111111:role/R. Please ensure that the role exists and allows principal \'sagemaker.amazonaws.com\' to assume the role.', source: issue('awslabs/predictive-maintenance-using-machine-learning', 3) },
  { cause: 'compilation-failed', place: 'job', text: 'ClientError: InputConfiguration: Framework cannot load Tensorflow model: as_list() is not defined on an unknown TensorShape.', source: issue(EXAMPLES, 1322) },
  { cause: 'compilation-failed', place: 'job', text: 'Unsupported framework version field for target. Framework version is supported for Target Platform configuration and only part of target devices.', source: issue(EXAMPLES, 3239) },
  { cause: 'tags-on-package', place: 'event', text: 'Tags are not supported in Model Package versions. Please add them to the Model Package Group', source: issue('aws/aws-cdk', 33699) },
  { cause: 'never-answered', place: 'event', text: 'CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId [f1e3b539].', source: issue('aws-solutions/instance-scheduler-on-aws', 291) },
  { cause: 'never-answered', place: 'event', text: 'Custom Resource failed to stabilize in expected time', source: issue('aws/aws-cdk', 2126) },
  { cause: 'no-addresses-in-subnet', place: 'job', text: 'InsufficientFreeAddressesInSubnet: The specified subnet does not have enough free addresses to satisfy the request.', source: 'https://github.com/aws/amazon-vpc-cni-k8s/pull/1773' },
  { cause: 'internal-error', place: 'event', text: 'Request to service failed. If failure persists after retry, contact customer support.', source: issue('aws-samples/amazon-sagemaker-custom-container', 3) },
  { cause: 'marketplace', place: 'event', text: 'An error occurred (ValidationException) when calling the CreateModel operation: Caller is not subscribed to the marketplace offering.', source: issue(EXAMPLES, 1552) },

  // Collected after the rules were written: all but that of the code were known at once.
  { cause: 'input-unreadable', place: 'event', text: 'Failed to download model data for container "container_1" from URL: "s3://bucket/output/model.tar.gz". Please ensure that there is an object located at the URL and that the role passed to CreateModel has permissions to download the object.', source: issue('aws-solutions-library-samples/fraud-detection-using-machine-learning', 9) },
  { cause: 'name-in-use', place: 'event', text: 'api error ValidationException: Cannot create already existing endpoint "arn:aws:sagemaker:eu-west-2:111111111111:endpoint/search".', source: 'https://github.com/ministryofjustice/modernisation-platform-environments/pull/9383' },
  { cause: 'permission-denied', place: 'job', text: 'User: arn:aws:sts::111111111111:assumed-role/sagemaker_studio_role/SageMaker is not authorized to perform: sagemaker:CreateEndpointConfig on resource: arn:aws:sagemaker:us-east-1:111111111111:endpoint-config/sagemaker-epc-1 with an explicit deny in a service control policy', source: issue('aws/amazon-sagemaker-feedback', 193) },
  { cause: 'request-refused', place: 'event', text: '1 validation error detected: Value \'x\' at \'modelName\' failed to satisfy constraint: Member must have length less than or equal to 63', source: issue('aws-samples/sagemaker-ml-workflow-with-apache-airflow', 3) },
  { cause: 'code-error', place: 'log', text: 'sagemaker_containers._errors.ClientError: code() takes at most 16 arguments (18 given)', source: issue('aws-samples/amazon-sagemaker-from-idea-to-production', 9) },

  // Generative models: their servers, the hub of their files, and inference components.
  { cause: 'gated-model', place: 'log', text: 'huggingface_hub.utils._errors.RepositoryNotFoundError: 401 Client Error. Repository Not Found for url: https://huggingface.co/api/models/None/tree/float16?recursive=True&expand=False.', source: issue('mantiumai/aws-sagemaker-gptj-deepspeed-blog', 6) },
  { cause: 'gated-model', place: 'log', text: 'requests.exceptions.HTTPError: 401 Client Error: Unauthorized for url: https://huggingface.co/api/models/CompVis/stable-diffusion-v1-4', source: issue('DanielKneipp/aws-sagemaker-stable-diffusion', 1) },
  { cause: 'gated-model', place: 'log', text: 'OSError: You are trying to access a gated repo. Make sure to have access to it at https://huggingface.co/bigcode/starcoder.', source: 'https://github.com/data-prep-kit/data-prep-kit/pull/1489' },
  { cause: 'gated-model', place: 'log', text: 'Access to model google/gemma-3-4b-pt is restricted and you are not in the authorized list.', source: issue('ariG23498/gemma3-object-detection', 5) },
  { cause: 'kv-cache', place: 'log', text: 'ValueError: The model\'s max seq len (32768) is larger than the maximum number of tokens that can be stored in KV cache (18672). Try increasing `gpu_memory_utilization` or decreasing `max_model_len`', source: issue('prometheus-eval/prometheus-eval', 43) },
  { cause: 'kv-cache', place: 'log', text: 'ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization` when initializing the engine.', source: 'https://github.com/vllm-project/vllm/blob/main/vllm/worker/worker.py' },
  { cause: 'kv-cache', place: 'log', text: 'To serve at least one request with the models\'s max seq len (131072), (4.00 GiB KV cache is needed, which is larger than the available KV cache memory (0.65 GiB).', source: 'https://github.com/vllm-project/vllm/blob/main/vllm/v1/core/kv_cache_utils.py' },
  { cause: 'out-of-memory', place: 'log', text: 'Model failed with error `DriverError(CUDA_ERROR_OUT_OF_MEMORY, "out of memory")`.', source: issue('EricLBuehler/mistral.rs', 44) },
  { cause: 'tensor-parallel', place: 'log', text: 'ValueError: Total number of attention heads (52) must be divisible by tensor parallel size (8).', source: issue('vllm-project/vllm', 2652) },
  { cause: 'tensor-parallel', place: 'log', text: 'ValueError: The number of GPUs per node is not divisible by the number of tensor parallelism.', source: issue('vllm-project/vllm', 596) },
  { cause: 'model-unsupported', place: 'log', text: 'Exception: data did not match any variant of untagged enum ModelWrapper at line 277156 column 3', source: issue(SDK, 5752) },
  { cause: 'model-unsupported', place: 'log', text: 'ValueError: Model architectures [\'DbrxForCausalLM\'] are not supported for now. Supported architectures: [...]', source: 'https://github.com/vllm-project/vllm/blob/main/vllm/model_executor/models/registry.py' },
  { cause: 'remote-code', place: 'log', text: 'ValueError: Loading moonshotai/Kimi-K3 requires you to execute the configuration file in that repo on your local machine. Make sure you have read the code there to avoid malicious use, then set the option `trust_remote_code=True` to remove this error.', source: 'https://github.com/huggingface/transformers/blob/main/src/transformers/dynamic_module_utils.py' },
  { cause: 'accelerator-driver', place: 'log', text: 'CUDA driver version is insufficient for CUDA runtime version', source: issue('aws/deep-learning-containers', 4990) },
  { cause: 'accelerator-driver', place: 'log', text: 'This container was built for NVIDIA Driver Release 575.51 or later, but version 470.256.02 was detected and compatibility mode is UNAVAILABLE', source: issue('aws/deep-learning-containers', 4990) },
  { cause: 'accelerator-driver', place: 'log', text: 'Error 804: forward compatibility was attempted on non supported HW', source: issue('Haidra-Org/horde-worker-reGen', 349) },
  { cause: 'component-no-room', place: 'event', text: 'There is not enough hardware resources on the instances for this endpoint to create a copy of the inference component.', source: 'https://github.com/huggingface/skills (hf-cloud-sagemaker-production-defaults)' },
  { cause: 'components-not-taken', place: 'event', text: 'Invalid request provided: Inference Components are not supported in this Endpoint. Please make sure this endpoint can deploy inference components.', source: issue('hashicorp/terraform-provider-aws', 40644) },
  { cause: 'components-not-taken', place: 'event', text: 'api error ValidationException: ManagedInstanceScaling is only supported for inference component endpoints.', source: 'https://github.com/hashicorp/terraform-provider-aws/pull/45926' },
  { cause: 'reservation', place: 'job', text: 'An error occurred (ReservationCapacityExceeded) when calling the RunInstances operation: The requested reservation does not have sufficient compatible and available capacity for this request.', source: issue('scylladb/scylla-cluster-tests', 8839) },
];

/** Wordings of a cause, in a place. */
export function wordingsOf(cause: string, place?: Place): Wording[] {
  return WORDINGS.filter((one) => one.cause === cause && (place === undefined || one.place === place));
}
