import type { JobFacts } from './facts';
import { PAGES, Rule, Saw } from './rule';
import { imageFacts } from '../../../src/service/image-facts';
import { misfit } from '../../../src/service/instance-facts';

/** The memory is that of GPUs. */
const OF_ACCELERATORS = /CUDA|\bGPU|accelerators/;

/** What goes wrong within the container, or before it serves. */
export const CONTAINER_RULES: readonly Rule[] = [
  {
    id: 'wrong-architecture',
    title: 'The image is not for the hardware of the instance type',
    says: /exec format error|no matching manifest for linux|image(?:'s)? (?:operating system|platform|architecture)[^.]{0,60}(?:does not match|not supported|mismatch)|is (?:x86_64|arm64) and the image says|No [Nn]euron devices? (?:available|found)|has no neuron devices|nrt_init.{0,80}fail/i,
    remedy: 'Build the image for the type, for example `docker build --platform linux/amd64` (a Mac builds for Arm unless told otherwise; `ml.c7g`, `ml.m7g` and `ml.g5g` are Arm), or try types that fit the image: `containerConfig.supportedInstanceTypes`,'
      + ' `endpointCandidates`. Inferentia and Trainium need an image with AWS Neuron.',
    page: PAGES.multiArchitecture,
    sees: ({ jobs }) => jobs.flatMap(misfits),
    explains: ['ping-failed', 'model-error', 'internal-error'],
    weight: 0.65,
  },
  {
    id: 'accelerator-missing',
    title: 'The container looks for a GPU that the instance type does not have',
    says: /No CUDA GPUs are available|libcuda\.so[.\d]*: cannot open|Found no NVIDIA driver|no CUDA-capable device/i,
    remedy: 'Try types with a GPU, for example `ml.g5`: `containerConfig.supportedInstanceTypes`, `endpointCandidates`; or use the image for CPUs.',
    page: PAGES.prerequisites,
  },
  {
    id: 'out-of-memory',
    title: 'The model needs more memory than the endpoint has',
    says: /out of memory|OutOfMemory|\bOOM\b|OOMKilled|signal 9\b|SIGKILL|std::bad_alloc|MemoryError|exit(?:ed with)? code:? 137|Cannot allocate memory|Received server error \(507\)|does not fit into the accelerators/i,
    remedy: (saw) => (saw.some(({ text }) => OF_ACCELERATORS.test(text))
      ? 'Try types whose accelerators have more memory, or more of them to divide the model among: `instanceTypes` of a generative job, `containerConfig.supportedInstanceTypes`, `endpointCandidates`. Shorter sequences, fewer requests at once and'
        + ' a quantized model need less: `environment` of the container, for example OPTION_MAX_MODEL_LEN.'
      : 'Try types with more memory: `containerConfig.supportedInstanceTypes`, `endpointCandidates`, or for a serverless endpoint more `memorySize`. Fewer workers need less: `environment` of the container, for example SAGEMAKER_MODEL_SERVER_WORKERS.'),
    page: PAGES.troubleshooting,
  },
  {
    id: 'disk-full',
    title: 'The container has no space left on its disk',
    says: /No space left on device|insufficient (?:disk )?space|disk quota exceeded/i,
    remedy: 'Make the image and the artifact smaller, do not install packages at the start, or try types with local storage. For the endpoint, `volumeSize` of the variant.',
    page: PAGES.variant,
  },
  {
    id: 'image-too-large',
    title: 'The image is too large for a serverless endpoint',
    says: /Image size \d+ is greater than supported/i,
    remedy: 'Use an image of less than 10 GB, or let the job try instances only: `containerConfig.supportedEndpointType: EndpointType.REAL_TIME`.',
    page: PAGES.serverless,
  },
  {
    id: 'model-loading-timeout',
    title: 'The model is not downloaded or not ready in time',
    says: /(?:download|startup|start-up|health check)[^.]{0,60}(?:timed out|timeout|exceeded the)|timed out[^.]{0,60}(?:download|start(?:ing|up)|health check)/i,
    remedy: 'Make the artifact smaller, load the model faster, or begin to answer /ping before the model is warm. For the endpoint, raise `modelDataDownloadTimeout` and `containerStartupHealthCheckTimeout` of the variant.',
    page: PAGES.variant,
    isSymptom: true,
  },
  {
    id: 'container-start',
    title: 'The container does not start',
    says: /CannotStartContainer|executable file not found|starts correctly when invoked with|OCI runtime create failed|permission denied.{0,40}serve|serve.{0,40}permission denied|No such file or directory: '(?:nginx|serve)/i,
    remedy: 'Run the image with `docker run IMAGE serve` on your machine: SageMaker starts it in the same way. The image needs an executable `serve` on its PATH, or an ENTRYPOINT in the exec form. Without any log stream, the AMI of the instances may be too old for the CUDA of the image: `inferenceAmiVersion` of the variant.',
    page: PAGES.ownContainer,
  },
  {
    id: 'code-error',
    title: 'The code in the container fails',
    says: /Traceback \(most recent call last\)|\b(?!\w*(?:Model|Memory)Error)[A-Z]\w*(?:Error|Exception): |No module named/,
    places: ['log'],
    remedy: 'Mend the code of the model, for example the missing package in requirements.txt, and try it with the same image on your machine.',
    page: PAGES.ownContainer,
    // A line that says which error it is comes first.
    most: 0.7,
  },
  {
    id: 'content-type',
    title: 'The container does not take the content type of the sample payload',
    says: /Unsupported (?:Media|content)[ -]?type|client error \(415\)|client error \(406\)|is not an accepted ContentType|content[- ]type.{0,80}(?:not supported|unsupported)|Accept type .{0,60} not supported|\/invocations HTTP\/\d(?:\.\d)?" 415/i,
    remedy: (_saw, { jobs }) => `Name what the container takes in \`supportedContentTypes\` of the model package or of \`containerConfig\`${jobs.flatMap(({ target }) => target?.contentTypes ?? []).length > 0
      ? ` (now ${jobs.flatMap(({ target }) => target?.contentTypes ?? []).join(', ')}: the job sends the first one)` : ''}, and put requests of that type into \`samplePayload\`.`,
    page: PAGES.troubleshooting,
  },
  {
    id: 'invocation-timeout',
    title: 'The model does not answer in time',
    says: /invocation timed out|timed out while waiting for a response|Received server error \(0\)|could not get a response from the|WORKER TIMEOUT|upstream timed out|Read timeout on endpoint URL/i,
    remedy: 'Make a request smaller (`samplePayload`), try faster types (`containerConfig.supportedInstanceTypes`, `endpointCandidates`), or raise the timeout of the model server by the container\'s `environment`. An endpoint gives an answer 60 seconds.',
    page: PAGES.troubleshooting,
  },
  {
    id: 'compilation-failed',
    title: 'SageMaker Neo cannot compile the model',
    says: /ClientError: InputConfiguration|Unsupported framework version|Framework version is (?:only )?supported|CompilationError|Compilation(?: job)?\b[^.]{0,80}\bfail|framework[^.]{0,60}(?:is|was) not supported (?:by|for) (?:Neo|compil)/i,
    remedy: 'Leave `dataInputConfig` out: then the job compiles nothing. Or name a `frameworkVersion` that Neo compiles (XGBoost up to 1.3), and an input shape that fits the model. With `limits.allowCompiledModels: false`, a recommendation takes only models as they are.',
    page: PAGES.neo,
  },
  {
    id: 'ping-failed',
    title: 'The container does not pass the health check',
    says: /did not pass the ping health check|ping health check|"GET \/ping HTTP\/\d(?:\.\d)?" 5\d\d/,
    remedy: 'Read the container\'s log stream. Run the image with `docker run -p 8080:8080 IMAGE serve` and ask `curl localhost:8080/ping`: it must answer 200 within 2 seconds.',
    page: PAGES.troubleshooting,
    isSymptom: true,
  },
  {
    id: 'model-error',
    title: 'The container answers the requests with errors',
    says: /\bModelError\b|returned 4xx or 5xx|Received (?:server|client) error|\/invocations HTTP\/\d(?:\.\d)?" [45]\d\d|Exception on \/invocations/,
    remedy: 'Send the files of `samplePayload` to the container on your machine, with the content type of `supportedContentTypes`, and look what it answers. Its log stream tells more.',
    page: PAGES.troubleshooting,
    isSymptom: true,
  },
];

/** The types that do not fit the images: among the failed benchmarks, or else among those that the job is to try. */
function misfits({ job, target, needs }: JobFacts): Saw[] {
  const failed = (job?.benchmarks ?? []).filter(({ status, failureReason }) => status === 'FAILED' || failureReason !== undefined);
  const types = [...new Set(failed.length > 0 ? failed.flatMap(({ endpoint }) => endpoint.instanceType ?? []) : job ? [] : needs?.tried.each ?? [])];
  return (target?.images ?? []).flatMap((image) => types.flatMap((type) => {
    const why = misfit(imageFacts(image), type);
    return why === undefined ? [] : [{ source: `image ${image}`, text: why }];
  }));
}
