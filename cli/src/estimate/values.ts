import { Resource, Template } from './assembly';
import { SEPARATOR } from '../../../src/contract/parameters';
import { isKnown, Resolver } from '../account/template';

/** What a value of a template is, as far as a template says it. */
export type Meaning =
  | { readonly literal: unknown }
  /** An attribute of a resource; `Ref` for the resource itself. */
  | { readonly template: Template; readonly id: string; readonly resource: Resource; readonly attribute: string }
  /** A parameter of Parameter Store, or a position in the list that it holds. */
  | { readonly parameter: string; readonly position?: number }
  /** Only the deploy knows. */
  | undefined;

/** Follows values of a synthesized app through parameters, outputs and exports. What only the deploy knows has no meaning here, and none is guessed. */
export class Values {
  private readonly exports = new Map<string, { readonly template: Template; readonly value: unknown }>();
  private readonly resolvers = new Map<Template, Resolver>();

  constructor(templates: readonly Template[]) {
    for (const template of templates) {
      for (const { Export, Value } of Object.values(template.outputs)) {
        const name = this.literal(Export?.Name, template);
        if (typeof name === 'string') { this.exports.set(name, { template, value: Value }); }
      }
    }
  }

  public meaning(value: any, template: Template): Meaning {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) { return { literal: value }; }
    const names = Object.keys(value);
    const [name] = names;
    if (names.length !== 1 || !(name === 'Ref' || name.startsWith('Fn::'))) { return { literal: value }; }
    const argument = value[name];
    switch (name) {
      case 'Ref': return this.reference(argument, template);
      case 'Fn::GetAtt': return this.attribute(argument, template);
      case 'Fn::ImportValue': {
        const found = this.exports.get(`${this.literal(argument, template)}`);
        return found && this.meaning(found.value, found.template);
      }
      case 'Fn::Select': return this.written(argument, template) ?? this.resolved(value, template);
      default: return this.resolved(value, template);
    }
  }

  /** The resources that a deploy makes, as far as the template says it: not those under a condition that does not hold. */
  public resourcesOf(template: Template): Array<[string, Resource]> {
    return Object.entries(template.resources).filter(([, { Condition }]) => Condition === undefined
      || this.resolver(template).resolve({ 'Fn::If': [Condition, 'yes', 'no'] }) !== 'no');
  }

  /** The value if the template says it; else `undefined`. */
  public literal(value: unknown, template: Template): unknown {
    const meaning = this.meaning(value, template);
    return meaning && 'literal' in meaning ? meaning.literal : undefined;
  }

  /** A number, which may be written as text. */
  public number(value: unknown, template: Template): number | undefined {
    const known = this.literal(value, template);
    const number = typeof known === 'string' && known.trim() !== '' ? Number(known) : known;
    return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
  }

  public text(value: unknown, template: Template): string | undefined {
    const known = this.literal(value, template);
    return typeof known === 'string' ? known : undefined;
  }

  /** The value with what is known filled in. The rest stays as it is written. */
  public filled(value: any, template: Template): any {
    const meaning = this.meaning(value, template);
    if (!meaning || !('literal' in meaning)) { return value; }
    const { literal } = meaning;
    if (Array.isArray(literal)) { return literal.map((one) => this.filled(one, template)); }
    if (typeof literal !== 'object' || literal === null) { return literal; }
    return Object.fromEntries(Object.entries(literal).map(([name, one]) => [name, this.filled(one, template)]));
  }

  private reference(name: string, template: Template): Meaning {
    if (name === 'AWS::Region' && template.region !== undefined) { return { literal: template.region }; }
    const resource = template.resources[name];
    if (resource) { return { template, id: name, resource, attribute: 'Ref' }; }
    const { parent } = template;
    if (parent && name in parent.parameters) { return this.meaning(parent.parameters[name], parent.template); }
    const { Type, Default } = template.parameters[name] ?? {};
    return typeof Type === 'string' && Type.startsWith('AWS::SSM::Parameter::Value') && typeof Default === 'string' ? { parameter: Default } : undefined;
  }

  private attribute(argument: any, template: Template): Meaning {
    const [id, attribute] = Array.isArray(argument) ? argument : `${argument}`.split(/\.(.*)/);
    if (typeof attribute !== 'string') { return undefined; }
    const child = template.children.get(id);
    const [, output] = /^Outputs\.(.+)$/.exec(attribute) ?? [];
    if (child && output) { return child.outputs[output] && this.meaning(child.outputs[output].Value, child); }
    const resource = template.resources[id];
    return resource && { template, id, resource, attribute };
  }

  /** A position in a list that Parameter Store holds as one text. */
  private written([index, list]: any, template: Template): Meaning {
    const split = list?.['Fn::Split'];
    if (!Array.isArray(split) || split[0] !== SEPARATOR) { return undefined; }
    const meaning = this.meaning(split[1], template);
    return meaning && 'parameter' in meaning ? { parameter: meaning.parameter, position: Number(index) } : undefined;
  }

  private resolved(value: unknown, template: Template): Meaning {
    const found = this.resolver(template).resolve(value);
    return isKnown(found) ? { literal: found } : undefined;
  }

  /** A parameter's default is not what the deploy passes. So only what a parent stack passes is known. */
  private resolver(template: Template): Resolver {
    const found = this.resolvers.get(template);
    if (found) { return found; }
    const { parent, region, conditions } = template;
    const passed = Object.entries(parent?.parameters ?? {}).flatMap(([name, value]) => {
      const known = this.literal(value, parent!.template);
      return typeof known === 'string' || typeof known === 'number' ? [[name, `${known}`]] : [];
    });
    const resolver = new Resolver({ Conditions: conditions }, { pseudo: Object.fromEntries([...region === undefined ? [] : [['AWS::Region', region]], ...passed]) });
    this.resolvers.set(template, resolver);
    return resolver;
  }
}
