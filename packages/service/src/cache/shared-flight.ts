interface Flight<T> {
  readonly result: Promise<T>;
  readonly stop: AbortController;
  waiting: number;
}

/** Work that is going on, by key, shared by all who ask for it. It is given up when the last of them has gone. */
export class SharedFlight<T> {
  readonly #going = new Map<string, Flight<T>>();

  /** @throws the reason of the caller's own signal once that is aborted, while the work goes on for the others. */
  run(key: string, signal: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    const flight = this.#going.get(key) ?? this.#start(key, work);
    flight.waiting++;
    return signal === undefined ? flight.result : this.#untilAborted(key, flight, signal);
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const stop = new AbortController();
    const result = work(stop.signal).finally(() => this.#end(key, flight));
    const flight: Flight<T> = { result, stop, waiting: 0 };
    this.#going.set(key, flight);
    return flight;
  }

  #end(key: string, flight: Flight<T>): void {
    if (this.#going.get(key) === flight) this.#going.delete(key);
  }

  #untilAborted(key: string, flight: Flight<T>, signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        reject(signal.reason);
        flight.waiting--;
        if (flight.waiting > 0) return;
        this.#end(key, flight);
        flight.stop.abort(signal.reason);
      };
      // Stays after the work is done: what came of it may be a stream that goes on.
      signal.addEventListener("abort", leave, { once: true });
      flight.result.then(resolve, reject);
    });
  }
}
