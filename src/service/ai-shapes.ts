import { ShapeTable } from './shapes';
import aiJobs from './shapes/ai-jobs.json';
import recommendationJob from './shapes/recommendation-job.json';

/** Every shape of the Create requests of the generative family, and of the shapes inside them that the first family has, too. */
export const AI_JOB_SHAPES: ShapeTable = { ...recommendationJob.shapes as unknown as ShapeTable, ...aiJobs.shapes as unknown as ShapeTable };
