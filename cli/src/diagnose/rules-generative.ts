import { PAGES, Rule } from './rule';

/** What goes wrong with generative models: their servers, the hub of their files, the places of their copies, and the jobs of that family. */
export const GENERATIVE_RULES: readonly Rule[] = [
  {
    id: 'gated-model',
    title: 'Hugging Face does not give out the model',
    says: /gated repo|GatedRepoError|Access to model \S+ is restricted|Repository Not Found for url: https?:\/\/huggingface\.co|40[13] Client Error[^]{0,160}huggingface\.co|Unauthorized for url: https?:\/\/huggingface\.co/i,
    remedy: 'Accept the license on the model\'s page with the account of the token, and give the token: `huggingFaceToken` of the workload, from which a benchmark takes it for the tokenizer, and HF_TOKEN in the'
      + ' `environment` of a container that downloads the model. A name that is misspelled is answered in the same way. A copy of the files in S3 needs no token.',
    page: PAGES.lmi,
  },
  {
    id: 'kv-cache',
    title: 'The accelerators have no memory left for the KV cache',
    says: /No available memory for the cache blocks|larger than the (?:available KV cache memory|maximum number of tokens that can be stored in KV cache)|Free memory on device .{0,80}is less than desired GPU memory utilization|not enough memory to handle \d+ prefill tokens/i,
    remedy: 'Allow shorter sequences: OPTION_MAX_MODEL_LEN (LMI) or SM_VLLM_MAX_MODEL_LEN (vLLM) in the `environment` of the container. Or divide the model among more accelerators, try types with more memory'
      + ' (`instanceTypes` of the job), or let the job quantize the model: `optimizeModel`.',
    page: PAGES.lmi,
  },
  {
    id: 'tensor-parallel',
    title: 'The model cannot be divided among so many accelerators',
    says: /divisible by (?:the )?tensor[ _-]parallel|tensor[ _-]parallel(?:[ _-](?:size|degree))?[^.]{0,60}(?:greater|larger|more) than[^.]{0,40}(?:gpu|device|accelerator)|GPUs per node is not divisible/i,
    remedy: 'Set a degree by which the attention heads of the model can be divided, and no more than the type has accelerators: OPTION_TENSOR_PARALLEL_DEGREE (LMI) or SM_VLLM_TENSOR_PARALLEL_SIZE (vLLM) in the'
      + ' `environment` of the container; for an inference component, `accelerators` must be the same number. Or try other `instanceTypes`.',
    page: PAGES.lmi,
  },
  {
    id: 'remote-code',
    title: 'The model brings code of its own, which the server does not run',
    says: /trust_remote_code[^.]{0,60}to remove this error|requires? you to execute the (?:configuration|modeling|tokenizer)? ?file in that repo/i,
    remedy: 'Read that code. If you trust it, set OPTION_TRUST_REMOTE_CODE (LMI) or SM_VLLM_TRUST_REMOTE_CODE (vLLM) to true in the `environment` of the container.',
    page: PAGES.lmi,
  },
  {
    id: 'model-unsupported',
    title: 'The server in the container does not know the model\'s architecture or format',
    says: /Model architectures .{0,200}(?:are not supported|failed to be inspected)|does not recognize this architecture|did not match any variant of untagged enum ModelWrapper|Unsupported (?:LLM )?model(?: type| architecture)|is not a supported model type/i,
    remedy: 'Take a newer image of the server, or another one (`framework` of the job: `GenerativeFramework.VLLM`, `GenerativeFramework.LMI`). Save the tokenizer and the model again with the versions of the image, if it knows the architecture.',
    page: PAGES.lmi,
  },
  {
    id: 'accelerator-driver',
    title: 'The driver of the instance is too old for the CUDA of the image',
    says: /CUDA driver version is insufficient|forward compatibility was attempted on non supported HW|unsupported display driver \/ cuda driver combination|NVIDIA driver on your system is too old|compatibility mode is UNAVAILABLE/i,
    remedy: 'Choose a newer AMI for the instances: `inferenceAmiVersion` of the variant. Or take an image with an older CUDA.',
    page: PAGES.variant,
  },
  {
    id: 'component-no-room',
    title: 'No instance has room for a copy of the inference component',
    says: /not enough hardware resources|has no room on the \d+ instances of variant/i,
    remedy: 'Lower what a copy takes, `minMemory`, `accelerators` or `cpuCores` of the component, or `copies`, or take a larger instance type. The service keeps memory of each instance for itself: by a public report, a copy of 4 GiB'
      + ' had no room on an ml.g5.xlarge, which has 16. More instances help only if a copy fits on one of them.',
    page: PAGES.componentResources,
  },
  {
    id: 'components-not-taken',
    title: 'The endpoint takes no inference components',
    says: /Inference Components are not supported in this Endpoint|ManagedInstanceScaling is only supported for inference component endpoints/i,
    remedy: 'An endpoint hosts either models or inference components. Make its variant with `Variant.forInferenceComponents`, or set `inferenceComponent` of `RecommendedEndpoint`, which makes both.',
    page: PAGES.components,
  },
  {
    id: 'component-not-named',
    title: 'The benchmark does not name an inference component of its endpoint',
    says: /hosts inference components: name those to benchmark|Inference ?Component(?: ?Name)? (?:header |parameter )?(?:is required|must be (?:given|specified|provided))[^.]{0,120}|endpoint has no inference component/i,
    remedy: 'Name the components in `inferenceComponents` of the `AIBenchmarkJob`: an endpoint of components answers no request without a name.',
    page: PAGES.generativeBenchmark,
  },
  {
    id: 'reservation',
    title: 'The reserved capacity cannot be used',
    says: /ReservationCapacityExceeded|InvalidCapacityReservation|(?:capacity reservation|training[- ]plan|ml[- ]?reservation|MlReservationArns?)\b[^.]{0,120}(?:not (?:found|active|available|match|valid|exist|support)|does not|is not|expired|insufficient|no (?:free|available)|invalid|cannot)/i,
    remedy: 'Look whether the plan is Active now, is made for endpoints, is of the type that the job may try, and has instances left. Or leave it out: `capacityReservation` of the job and of the variant, where `onlyReserved` and `reservedOnly` decide'
      + ' whether other capacity may serve.',
    page: PAGES.trainingPlans,
  },
  {
    id: 'max-duration',
    title: 'The job took longer than its `maxDuration`',
    says: /has run for .{1,40}, which is its 'maxDuration'/,
    places: ['event'],
    remedy: 'Raise `maxDuration` of the job, which the library itself keeps, because the service has no limit. Or give the job less to try: fewer `instanceTypes`, `optimizeModel: false`, fewer requests in the workload.',
    page: PAGES.generative,
  },
  {
    id: 'feature-unavailable',
    title: 'The API is not there for this account and Region',
    says: /UnknownOperation|feature is not enabled for this account|(?:operation|feature|API)[^.]{0,60}not (?:supported|available) in (?:this|the)[^.]{0,20}Region/i,
    places: ['event', 'job'],
    remedy: 'Deploy to a Region that has inference recommendations for generative models, or ask AWS Support to enable them. Meanwhile, the context `withoutJobs` and the option of that name deploy without a job.',
    page: PAGES.generative,
  },
  {
    id: 'instant-not-applicable',
    title: 'SageMaker recommends no instance type for the model',
    says: /ended NOT_APPLICABLE|its list of instance types is empty/,
    places: ['event'],
    remedy: 'Set `fallback` of the `InstantRecommendation`, or benchmark the model: `InferenceRecommendationsJob`, and `startFrom` serves meanwhile. SageMaker knows the frameworks of AWS\'s own images; of an image of your own it knows too little.',
    page: PAGES.instant,
  },
  {
    id: 'instant-failed',
    title: 'SageMaker\'s recommendation for the model has failed',
    says: /The recommendation for model \S+ ended FAILED/,
    places: ['event'],
    remedy: 'Deploy again: it costs nothing. If it fails again, set `fallback` of the `InstantRecommendation`, or benchmark the model. The service gives no reason.',
    page: PAGES.instant,
  },
  {
    id: 'instant-slow',
    title: 'SageMaker\'s recommendation for the model did not come in time',
    says: /The recommendation for model \S+ was still \w+ after \d+ seconds/,
    places: ['event'],
    remedy: 'Deploy again: it usually takes seconds, and the library waits a minute and more for it. Or set `fallback` of the `InstantRecommendation`, which is used then.',
    page: PAGES.instant,
  },
];
