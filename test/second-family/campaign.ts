import { probes, PROBE_STATUSES } from './family';
import { ProbeJob } from './probe-job';
import { installProbes, probesOf } from './service';
import type { CampaignFamily } from '../faults/family';

/** The family as the fault campaign knows it. */
export const PROBE_CAMPAIGN: CampaignFamily = {
  family: probes,
  bundled: [probes],
  operations: { create: 'CreateCapacityProbe', stop: 'StopCapacityProbe', nameMember: 'ProbeName' },
  install: installProbes,
  job: (stack, id, { modelPackage, trigger, isLong }) => new ProbeJob(stack, id, { modelPackage, trigger, seconds: isLong ? 4500 : undefined }),
  jobs: (region) => [...probesOf(region)].map(([name, { arn, status, request, findings }]) => ({
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
  foreignRequest: (packageArn, roleArn) => ({ Subject: packageArn, RoleArn: roleArn, Rounds: 1, Note: 'foreign' }),
  packageOf: ({ Subject }) => Subject,
};
