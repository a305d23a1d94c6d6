// The states that were met, in bounded memory: two hashes of each, and where it was met first.
//
// A state is known by 64 bits. Two that share them would pass for one; for n states that happens with a chance of about
// n² / 2^65, which a report says.

export class StateSet {
  /** The two hashes and the number of a state from 1, by place. */
  private slots = new Int32Array(3 * (1 << 16));
  private from = new Int32Array(1 << 15);
  private node = new Uint8Array(1 << 15);
  private event = new Int32Array(1 << 15);
  size = 0;

  /** The number of a new state; -1 if it is known. */
  add(first: number, second: number, from: number, node: number, event: number): number {
    if (2 * this.size >= this.slots.length / 3) this.growSlots();
    const at = this.placeOf(first, second);
    if (this.slots[at + 2] !== 0) return -1;
    const id = this.size++;
    if (id === this.from.length) this.growStates();
    this.slots[at] = first;
    this.slots[at + 1] = second;
    this.slots[at + 2] = id + 1;
    this.from[id] = from;
    this.node[id] = node;
    this.event[id] = event;
    return id;
  }

  /** The events that led to a state, the first one first. */
  pathTo(id: number): { readonly node: number; readonly event: number }[] {
    const path: { readonly node: number; readonly event: number }[] = [];
    for (let at = id; (this.from[at] as number) >= 0; at = this.from[at] as number) {
      path.push({ node: this.node[at] as number, event: this.event[at] as number });
    }
    return path.toReversed();
  }

  get bytes(): number {
    return 4 * this.slots.length + 9 * this.from.length;
  }

  private placeOf(first: number, second: number): number {
    const { slots } = this;
    const mask = slots.length / 3 - 1;
    let place = (Math.imul(first, 0x9e3779b1) ^ second) & mask;
    for (;;) {
      const at = 3 * place;
      if (slots[at + 2] === 0 || (slots[at] === first && slots[at + 1] === second)) return at;
      place = (place + 1) & mask;
    }
  }

  private growSlots(): void {
    const old = this.slots;
    this.slots = new Int32Array(2 * old.length);
    for (let i = 0; i < old.length; i += 3) {
      if (old[i + 2] === 0) continue;
      const at = this.placeOf(old[i] as number, old[i + 1] as number);
      this.slots[at] = old[i] as number;
      this.slots[at + 1] = old[i + 1] as number;
      this.slots[at + 2] = old[i + 2] as number;
    }
  }

  private growStates(): void {
    const length = 2 * this.from.length;
    const [from, node, event] = [new Int32Array(length), new Uint8Array(length), new Int32Array(length)];
    from.set(this.from);
    node.set(this.node);
    event.set(this.event);
    this.from = from;
    this.node = node;
    this.event = event;
  }
}
