import { afterEach, describe, expect, it, vi } from "vitest";
import { type Credential, RepositoryAccess } from "./access.ts";

const guest: Credential = { cookie: null, authorization: null };
const member: Credential = { cookie: "session=abc", authorization: null };
const ID = "c0ffee";

type Reply = () => Response | Promise<Response>;

function access(reply: Reply, options = {}) {
  const calls: { url: string; headers: Headers; redirect: string | undefined }[] = [];
  const asked = new RepositoryAccess({
    url: "https://repository.example",
    timeoutMs: 50,
    fetch: async (url, init) => {
      calls.push({ url: String(url), headers: new Headers(init?.headers), redirect: init?.redirect });
      const pending = Promise.resolve(reply());
      const gone = new Promise<never>((_, reject) =>
        init?.signal?.addEventListener("abort", () => reject(new Error("aborted"))),
      );
      return await Promise.race([pending, gone]);
    },
    ...options,
  });
  return { asked, calls };
}

const yes: Reply = () => Response.json({ id: ID, slug: "c" });

function openness(reply: Reply) {
  return access(reply).asked.openness(ID);
}

describe("RepositoryAccess", () => {
  afterEach(() => vi.useRealTimers());

  it("says yes to a 200 about the community asked for", async () => {
    expect(await access(yes).asked.mayRead(member, ID)).toBe(true);
    expect(await access(() => Response.json({ id: "another" })).asked.mayRead(member, ID)).toBe(false);
    expect(await access(() => new Response("<html>")).asked.mayRead(member, ID)).toBe(false);
  });

  it.each([301, 302, 400, 401, 403, 404, 410, 429, 500, 502, 503])("says no to %d", async (status) => {
    expect(await access(() => new Response("{}", { status })).asked.mayRead(member, ID)).toBe(false);
  });

  it("says no to a time-out and to a network that fails, and asks again", async () => {
    const slow = access(() => new Promise<Response>(() => undefined));
    expect(await slow.asked.mayRead(member, ID)).toBe(false);
    const broken = access(() => Promise.reject(new Error("ECONNREFUSED")));
    expect(await broken.asked.mayRead(member, ID)).toBe(false);
    await broken.asked.mayRead(member, ID);
    expect(broken.calls).toHaveLength(2);
  });

  it("forwards cookie and token unchanged and follows no redirect", async () => {
    const { asked, calls } = access(yes);
    await asked.mayRead({ cookie: "session=a; csrftoken=b", authorization: "Bearer t" }, "a b/c");
    expect(calls[0]?.url).toBe("https://repository.example/api/communities/a%20b%2Fc");
    expect(calls[0]?.headers.get("cookie")).toBe("session=a; csrftoken=b");
    expect(calls[0]?.headers.get("authorization")).toBe("Bearer t");
    expect(calls[0]?.redirect).toBe("manual");
  });

  it("remembers an answer per credential and community, and forgets it", async () => {
    let now = 1_000;
    const { asked, calls } = access(yes, { rememberMs: 20, now: () => now });
    await asked.mayRead(member, ID);
    await asked.mayRead(member, ID);
    expect(calls).toHaveLength(1);
    await asked.mayRead(guest, ID);
    await asked.mayRead({ cookie: null, authorization: "session=abc" }, ID);
    expect(calls).toHaveLength(3);
    now += 40;
    await asked.mayRead(member, ID);
    expect(calls).toHaveLength(4);
  });

  it("remembers nothing longer than a minute, whatever is wished", async () => {
    let now = 1_000;
    const { asked, calls } = access(yes, { rememberMs: 3_600_000, now: () => now });
    const askAll = async () => {
      await asked.mayRead(member, ID);
      await asked.openness(ID);
      await asked.publicList();
    };
    await askAll();
    now += 59_000;
    await askAll();
    expect(calls).toHaveLength(3);
    now += 2_000;
    await askAll();
    expect(calls).toHaveLength(6);
  });

  it("takes a community for closed only when the repository says so itself", async () => {
    expect(await openness(yes)).toBe("open");
    for (const status of [401, 403, 404, 410]) {
      expect(await openness(() => Response.json({ status, message: "no" }, { status }))).toBe("closed");
      expect(await openness(() => new Response("<html>", { status }))).toBe("unknown");
    }
    for (const status of [301, 400, 429, 500, 503]) {
      expect(await openness(() => Response.json({ status, message: "?" }, { status }))).toBe("unknown");
    }
    expect(await openness(() => Promise.reject(new Error("ECONNREFUSED")))).toBe("unknown");
  });

  it("asks as a guest whether a community is open, and as the caller what is listed for them", async () => {
    const { asked, calls } = access(() => Response.json({ hits: { total: 1, hits: [{ id: ID }] } }));
    await asked.openness(ID);
    expect([...(await asked.restrictedIds(member))]).toEqual([ID]);
    expect(await asked.publicList()).toEqual({ ids: new Set([ID]), isWhole: true });
    expect(calls.map(({ headers }) => headers.get("cookie"))).toEqual([null, member.cookie, null]);
  });

  it("does not take a list that is cut short for the whole", async () => {
    const cut = access(() => Response.json({ hits: { total: 2, hits: [{ id: ID }] } }));
    expect(await cut.asked.publicList()).toEqual({ ids: new Set([ID]), isWhole: false });
    expect(await access(() => new Response("<html>")).asked.publicList()).toBeNull();
  });

  it("gives an answer that is late to those who come after it, and lets nobody else wait meanwhile", async () => {
    const late = Promise.withResolvers<Response>();
    const { asked, calls } = access(() => late.promise, { patienceMs: 20, timeoutMs: 600_000 });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const first = asked.openness(ID);
    await vi.advanceTimersByTimeAsync(20);
    expect(await first).toBe("unknown");
    // No time goes by any more: who waited would wait for ever.
    for (let caller = 0; caller < 20; caller++) expect(await asked.openness(ID)).toBe("unknown");
    vi.useRealTimers();
    late.resolve(Response.json({ status: 403, message: "no" }, { status: 403 }));
    await vi.waitUntil(async () => (await asked.openness(ID)) === "closed", { timeout: 10_000 });
    expect(calls).toHaveLength(1);
  });

  it("asks once for callers that come together", async () => {
    const { asked, calls } = access(yes);
    await Promise.all([asked.mayRead(member, ID), asked.mayRead(member, ID), asked.mayRead(member, ID)]);
    expect(calls).toHaveLength(1);
  });

  it("asks as a guest however many callers are being asked about", async () => {
    const { asked, calls } = access(() => new Promise<Response>(() => undefined));
    const callers = Array.from({ length: 150 }, (_, index) =>
      asked.mayRead({ cookie: `session=${index}`, authorization: null }, ID),
    );
    expect(calls).toHaveLength(100);
    const guests = [asked.openness(ID), asked.publicList()];
    expect(calls).toHaveLength(102);
    await Promise.all([...callers, ...guests]);
  });
});
