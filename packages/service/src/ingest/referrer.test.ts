import * as fc from "fast-check";
import { expect, it } from "vitest";
import { referrerHost } from "./referrer.ts";

it.each([
  ["https://www.google.com/search?q=secret+words", "www.google.com"],
  ["https://Example.ORG", "example.org"],
  ["http://localhost:5000/records", "localhost"],
  ["https://user:secret@example.org/path", "example.org"],
  ["https://example.org#top", "example.org"],
  ["https://example.org?token=1", "example.org"],
  ["android-app://com.google.android.gm/", "com.google.android.gm"],
  ["https://[2001:db8::1]:8080/", "[2001:db8::1]"],
  ["https://bücher.example/", "xn--bcher-kva.example"],
  ["www.google.com/search", null],
  ["about:blank", null],
  ["https://", null],
  ["-", null],
  ["", null],
  [`https://${"a".repeat(300)}.org/`, null],
])("%s comes from %s", (referrer, host) => {
  expect(referrerHost(referrer)).toBe(host);
});

it("never gives what stands behind the host", () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
      expect(referrerHost(url)).toBe(new URL(url).hostname);
    }),
  );
});
