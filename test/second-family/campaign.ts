import { probes, PROBE_STATUSES } from './family';
import { ProbeJob } from './probe-job';
import { installProbes, probesOf } from './service';
import { AppOfFamily, CampaignFamily, chosenFrom, foreignPackage, packageIn, subjectOfPackage } from '../faults/family';

/** The family as the fault campaign knows it. */
export const PROBE_CAMPAIGN: CampaignFamily = {
  jobs: {
    family: probes,
    operations: { create: 'CreateCapacityProbe', stop: 'StopCapacityProbe', delete: 'DeleteCapacityProbe', nameMember: 'ProbeName' },
    all: (region) => [...probesOf(region)].map(([name, { arn, status, request, findings }]) => ({
      name,
      arn,
      status,
      phase: PROBE_STATUSES.phaseOf(status),
      roleArn: request.RoleArn,
      recommended: new Map(findings.map(({ Key, Machine }) => [`${name}/${Key}`, Machine])),
    })),
    drop: (region, name) => {
      region.sagemaker.state.tags.delete(probesOf(region).get(name)!.arn);
      probesOf(region).delete(name);
    },
    foreign: async (aws, roleArn) => ({ Subject: await foreignPackage(aws), RoleArn: roleArn, Rounds: 1, Note: 'foreign' }),
    subjectOf: (request, region) => subjectOfPackage(probes.counted(request), request.Subject, region),
  },
  bundled: [probes],
  install: installProbes,
  inApp: (stack, given): AppOfFamily<ProbeJob> => {
    const modelPackage = packageIn(stack, given);
    return {
      job: (id, { trigger, isLong }) => new ProbeJob(stack, id, { modelPackage, trigger, seconds: isLong ? 4500 : undefined }),
      choose: (job, choice) => chosenFrom(stack, job, choice),
    };
  },
};
