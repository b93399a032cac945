import { BaseSequencer, type TestSpecification } from "vitest/node";

/** They take longest, although there is little in them: what they run is written elsewhere. */
const LONG = /\/(worlds(-\d)?|stores|faults|publish-command|copying|breakdowns)\.(cluster|test)\.ts$/;

/** Begins with long files, so that none of them is left for the end. Where nothing is known of an earlier run, size alone would tell. */
export class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- that of vitest, which is no array
    const sorted = await super.sort(files);
    const projects = Map.groupBy(sorted, ({ project }) => project.name);
    return Array.from(projects.values()).flatMap((its) => longFirst(its, ({ moduleId }) => moduleId));
  }
}

/** Otherwise in their order. */
export function longFirst<T>(files: readonly T[], pathOf: (file: T) => string): readonly T[] {
  const isLong = (file: T): boolean => LONG.test(pathOf(file));
  return [...files.filter(isLong), ...files.filter((file) => !isLong(file))];
}
