import { IConstruct } from 'constructs';
import { claimStack } from './copies';

/**
 * Facts about constructs of one kind, which other folders of this library read at synth. One folder has the instance: it owns the kind, or it reads
 * the facts. A renamed fact breaks the build of its readers. A foreign construct (an L1, or another library's) has no facts, and each reader handles that.
 */
export class Facts<Of extends IConstruct, F> {
  private readonly kept = new WeakMap<Of, F>();

  /** @throws if another copy of the library has constructs in the construct's stack: it would not find the facts */
  public keep(construct: Of, facts: F): void {
    claimStack(construct);
    this.kept.set(construct, facts);
  }

  public of(construct: Of | undefined): F | undefined {
    return construct && this.kept.get(construct);
  }
}
