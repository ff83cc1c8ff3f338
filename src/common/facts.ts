/**
 * What constructs of one kind tell others of this library at synth, by construct. The room that owns the kind has one of these, so that a renamed fact
 * breaks the build of whoever reads it. A foreign construct (an L1, another library's) keeps no facts, and every reader copes with that.
 */
export class Facts<Of extends object, F> {
  private readonly kept = new WeakMap<Of, F>();

  public keep(construct: Of, facts: F): void {
    this.kept.set(construct, facts);
  }

  public of(construct: Of | undefined): F | undefined {
    return construct && this.kept.get(construct);
  }
}
