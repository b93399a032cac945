import { describe, expect, it } from "vitest";
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

describe("RepositoryAccess", () => {
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
    const { asked, calls } = access(yes, { rememberMs: 20 });
    await asked.mayRead(member, ID);
    await asked.mayRead(member, ID);
    expect(calls).toHaveLength(1);
    await asked.mayRead(guest, ID);
    await asked.mayRead({ cookie: null, authorization: "session=abc" }, ID);
    expect(calls).toHaveLength(3);
    await new Promise((resolve) => setTimeout(resolve, 40));
    await asked.mayRead(member, ID);
    expect(calls).toHaveLength(4);
  });

  it("asks once for callers that come together", async () => {
    const { asked, calls } = access(yes);
    await Promise.all([asked.mayRead(member, ID), asked.mayRead(member, ID), asked.mayRead(member, ID)]);
    expect(calls).toHaveLength(1);
  });
});
