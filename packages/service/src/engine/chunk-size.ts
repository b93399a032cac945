/** How many documents go into a request, by what became of the requests before. */
export interface ChunkSettings {
  readonly initial: number;
  readonly min: number;
  readonly max: number;
  /** Times the size, after a request was too large; below 1. */
  readonly reduction: number;
  /** Times the size, after a success; above 1. */
  readonly growth: number;
}

/** The size after a success. Small sizes grow by one: cut to whole numbers, five per cent of them would be nothing. */
export function grownChunk(size: number, { max, growth }: ChunkSettings): number {
  return Math.min(Math.max(Math.floor(size * growth), size + 1), max);
}

/** The size after "413 Request Entity Too Large" or a time-out. */
export function reducedChunk(size: number, { min, reduction }: ChunkSettings): number {
  return Math.max(Math.min(Math.floor(size * reduction), size - 1), min);
}
