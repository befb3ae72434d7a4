/** Both ends of the channel between two threads in one object: messages wait until a test delivers them. */
import { CommitReceiver } from '../../../lib/server/store/commit-receiver';
import type { Store } from '../../../lib/server/store/store';
import { decodePart, type FromCollecting } from '../../../lib/server/thread/messages';
import { Outbox } from '../../../lib/server/thread/outbox';

export class Link {
  readonly outbox: Outbox;
  readonly reception: CommitReceiver;
  /** Messages that have been posted but not delivered. */
  readonly messages: FromCollecting[] = [];

  /** `reception`: that of the previous link, whose collecting end died. */
  constructor(store: Store, options: { readonly part: number; readonly reception?: CommitReceiver }) {
    const serving = {
      commit: store.commit.bind(store),
      ages: store.setAges.bind(store),
      lags: store.setLags.bind(store),
    };
    this.reception = options.reception ?? new CommitReceiver(serving, store.replica.records);
    this.outbox = new Outbox({
      post: (message, transfer) => this.messages.push(structuredClone(message, { transfer: [...transfer] })),
      isRestart: options.reception !== undefined,
      part: options.part,
    });
  }

  /** Delivers the oldest `most` messages and those that result from them; by default, all. */
  deliver(most = Infinity): void {
    for (let taken = 0; taken < most; taken++) {
      const message = this.messages.shift();
      if (message === undefined) return;
      if (message.kind === 'news') {
        if (message.part !== null) this.reception.commit(decodePart(message.part));
        if (message.ages !== null) this.reception.ages(message.ages);
        if (message.lags !== null) this.reception.lags(message.lags);
        this.outbox.taken();
      } else if (message.kind === 'anew') {
        if (message.phase === 'begin') this.reception.beginResend();
        else Array.from(this.reception.endResend());
      }
    }
  }
}
