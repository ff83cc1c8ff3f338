import { Call, Region } from '../kernel';

/** A service whose operations a Task state may call by the SDK. */
export interface SdkService {
  /** As the names of its errors have it. */
  readonly title: string;
  readonly has: (operation: string) => boolean;
  readonly call: (operation: string, parameters: any, call: Call) => Promise<unknown>;
  /** Whether the service's model names an error: others have the name of the service's base exception. */
  readonly names: (operation: string, code: string) => boolean;
}

const SERVICES = new WeakMap<Region, Map<string, SdkService>>();

/** By the name in the ARN of a task's resource. Services of higher floors add themselves. */
export function sdkServices(region: Region): Map<string, SdkService> {
  const known = SERVICES.get(region) ?? new Map<string, SdkService>();
  SERVICES.set(region, known);
  return known;
}
