import { afterEach, describe, expect, it, vi } from "vitest";
import { attachmentName, downloadReport, REPORT_FORMATS } from "./report.ts";

const REQUEST = { apiBase: "/api/stats-dashboard", scope: "abc", from: "2026-01-01", to: "2026-01-31" } as const;

afterEach(() => vi.unstubAllGlobals());

/** Answers every request with this header, and keeps what was asked. */
function answering(headers: Readonly<Record<string, string>>, status = 200) {
  const fetched = vi.fn<(url: string, options: RequestInit) => Promise<Response>>(() =>
    Promise.resolve(new Response("numbers", { status, headers })),
  );
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

it.each([
  ['attachment; filename="stats_abc_2026-01-01_to_2026-01-31.tar.gz"', "stats_abc_2026-01-01_to_2026-01-31.tar.gz"],
  ["attachment; filename=plain.xlsx", "plain.xlsx"],
  ['attachment; FileName="../../etc/x.xml"', "x.xml"],
  ["attachment", null],
  ['attachment; filename=""', null],
  [null, null],
])("%s names %s", (header, name) => expect(attachmentName(header)).toBe(name));

describe("a report", () => {
  it("is called what the server calls it", async () => {
    answering({ "content-disposition": 'attachment; filename="stats_my-community.xlsx"' });
    const { name, blob } = await downloadReport({ ...REQUEST, format: "excel" });
    expect([name, await blob.text()]).toEqual(["stats_my-community.xlsx", "numbers"]);
  });

  it("tells how many bytes have come", async () => {
    answering({});
    const arrived = vi.fn<(bytes: number) => void>();
    await downloadReport({ ...REQUEST, format: "csv" }, arrived);
    expect(arrived).toHaveBeenLastCalledWith("numbers".length);
  });

  it("has a name of its own where the server gives none", async () => {
    answering({});
    expect((await downloadReport({ ...REQUEST, format: "json" })).name).toBe("stats_abc_2026-01-01_to_2026-01-31.json");
  });

  it.each(REPORT_FORMATS)("asks for all four queries at once, as %s", async (format) => {
    const fetched = answering({});
    await downloadReport({ ...REQUEST, format });
    const [url, options] = fetched.mock.lastCall ?? [];
    const asked = Object.values(JSON.parse(String(options?.body)));
    expect(url).toBe("/api/stats-dashboard");
    expect(asked).toHaveLength(4);
    expect(asked[0]).toEqual({
      stat: "usage-snapshot-category",
      params: { community_id: "abc", start_date: "2026-01-01", end_date: "2026-01-31" },
    });
    expect(new Headers(options?.headers).get("accept")).toMatch(/^(text\/csv|application\/)/);
  });

  it("that is refused says how", async () => {
    answering({}, 403);
    await expect(downloadReport({ ...REQUEST, format: "xml" })).rejects.toMatchObject({
      reason: "status",
      status: 403,
    });
  });
});
