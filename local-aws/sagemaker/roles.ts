import { SAGEMAKER_OPERATIONS, SAGEMAKER_SHAPES } from './shapes';
import { Iam } from '../iam';
import { invalid, Operation, Operations } from '../kernel';

const SERVICE = 'sagemaker.amazonaws.com';

/** Operations that refuse a role, wherever it is in a request, that SageMaker cannot assume. The words are those that clients of the service have shown. */
export function withRoles(operations: Operations): Operations {
  return Object.fromEntries(Object.entries(operations).map(([name, operation]): [string, Operation] => {
    const { input: shape } = SAGEMAKER_OPERATIONS[name] ?? {};
    if (!/^(Create|Update)/.test(name) || shape === undefined) { return [name, operation]; }
    return [name, (input, call) => {
      const iam = call.region.room(Iam);
      const [{ resource }] = iam.needs('sagemaker', name, input);
      const refused = rolesIn(shape, input).find((role) => !iam.mayServe(role, SERVICE, resource));
      if (refused !== undefined) {
        throw invalid(`Could not assume role ${refused}. Please ensure that the role exists and allows principal '${SERVICE}' to assume the role.`);
      }
      return operation(input, call);
    }];
  }));
}

/** The values of the shape that SageMaker's model has for every role that it is given. */
function rolesIn(shapeName: string, value: any): string[] {
  if (value === undefined) { return []; }
  if (shapeName === 'RoleArn') { return [value]; }
  const { members = {}, member } = SAGEMAKER_SHAPES[shapeName];
  if (member !== undefined) { return value.flatMap((item: unknown) => rolesIn(member, item)); }
  return Object.entries(members).flatMap(([name, inner]) => rolesIn(inner, value[name]));
}
