const UNITS = ["B", "KB", "MB", "GB", "TB"] as const;
const STEP = 1024;

/** "1.23 KB". */
export function sizeText(bytes: number): string {
  const unit = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log(bytes) / Math.log(STEP)));
  const value = bytes / STEP ** unit;
  return `${unit === 0 ? value : value.toFixed(2)} ${UNITS[unit] ?? "B"}`;
}

const MINUTE_MS = 60_000;

/** "2h 30m", "3d 4h"; "0m" for less than a minute. */
export function ageText(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / MINUTE_MS));
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24];
  if (days > 0) return `${days}d ${hours}h`;
  return hours > 0 ? `${hours}h ${minutes % 60}m` : `${minutes}m`;
}

export function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

export function entriesText(count: number): string {
  return counted(count, "entry", "entries");
}
