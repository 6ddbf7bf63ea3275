/**
 * A greatest matching of receivers with senders: as many pairs as there can be, each in one pair at most.
 *
 * Receivers are taken in order, and one who has a sender keeps having one (another perhaps), so those in front come first. By
 * augmenting paths (Kuhn's algorithm), breadth before depth: a free sender is taken where there is one.
 *
 * @param choices by receiver: the senders it would take, numbers below `senderCount`, the preferred ones first
 * @returns by receiver: its sender
 */
export function matching(choices: readonly (readonly number[])[], senderCount: number): (number | undefined)[] {
  const receiverOf = new Int32Array(senderCount).fill(NOBODY);
  const seenIn = new Int32Array(senderCount).fill(NOBODY);
  for (const receiver of choices.keys()) augment({ choices, receiverOf, seenIn }, receiver, receiver);
  const senderOf: (number | undefined)[] = choices.map(() => undefined);
  for (const [sender, receiver] of receiverOf.entries()) if (receiver !== NOBODY) senderOf[receiver] = sender;
  return senderOf;
}

interface Search {
  readonly choices: readonly (readonly number[])[];
  /** By sender. */
  readonly receiverOf: Int32Array;
  /** By sender: the search that has looked at it. */
  readonly seenIn: Int32Array;
}

function augment(search: Search, receiver: number, round: number): boolean {
  const { choices, receiverOf, seenIn } = search;
  const senders = choices[receiver] ?? [];
  for (const sender of senders) {
    if (receiverOf[sender] !== NOBODY) continue;
    receiverOf[sender] = receiver;
    return true;
  }
  for (const sender of senders) {
    if (seenIn[sender] === round) continue;
    seenIn[sender] = round;
    if (!augment(search, receiverOf[sender] ?? NOBODY, round)) continue;
    receiverOf[sender] = receiver;
    return true;
  }
  return false;
}

const NOBODY = -1;
