/** The name of the period that holds a day, by the calendar: "2024-W09", "2024-02", "2024-Q1", "2024". */
export function periodNamed(day: number, granularity: string): string {
  const date = new Date(day * 86_400_000);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
  switch (granularity) {
    case "day":
      return String(day);
    case "week":
      return `Monday ${mondayOf(day)}`;
    case "month":
      return `${year}-${month}`;
    case "quarter":
      return `${year}-Q${Math.ceil(month / 3)}`;
    case "year":
      return String(year);
    default:
      throw new Error(`no granularity: ${granularity}`);
  }
}

/** The last Monday not after the day. */
function mondayOf(day: number): number {
  let monday = day;
  while (new Date(monday * 86_400_000).getUTCDay() !== 1) monday--;
  return monday;
}
