import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPython } from "./python-file.ts";
import { VARIABLES } from "./variables.ts";

const NAME = "STATS_DASHBOARD_ROUTES";

function valueOf(expression: string, above = ""): unknown {
  return readPython(`${above}\n${NAME} = ${expression}\n`).values[NAME];
}

describe("values", () => {
  it.each<[string, unknown]>([
    ["'a' 'b' \"c\"", "abc"],
    ["('a'\n    'b')", "ab"],
    ["'a' + 'b'", "ab"],
    ["f'{{x}}' 'y'", "{x}y"],
    ["r'\\d'", "\\d"],
    ["'''two\nlines'''", "two\nlines"],
    ["-1_000", -1000],
    ["0x1F", 31],
    ["60 * 60 * 24", 86_400],
    ["[1] + [2, *(3, 4)]", [1, 2, 3, 4]],
    ["{1, 2}", [1, 2]],
    ["1, 2", [1, 2]],
    ["()", []],
    ["None", null],
    ["{'a': {'b': (True, False,),},}  # why", { a: { b: [true, false] } }],
    ["_('Statistics')", "Statistics"],
    ["lazy_gettext('Statistics')", "Statistics"],
    ["crontab(minute=40)", "40 * * * *"],
    ["crontab(minute='*/5', hour=[1, 2], day_of_week='mon-fri')", "*/5 1,2 * * mon-fri"],
    ["celery.schedules.crontab(0, 3)", "0 3 * * *"],
    ["timedelta(hours=1, minutes=30)", 5400],
    ["datetime.timedelta(1)", 86_400],
  ])("%s", (expression, expected) => {
    expect(valueOf(expression)).toEqual(expected);
  });

  it("spreads and looks up what stands above, and our defaults", () => {
    const above = "BASE = {'a': 1, 'b': [2]}\n";
    expect(valueOf("{**BASE, 'b': BASE['b'][0]}", above)).toEqual({ a: 1, b: 2 });
    const defaults = VARIABLES.find(({ name }) => name === NAME)?.default as Record<string, unknown>;
    expect(valueOf(`{**${NAME}, 'global': '/x'}`)).toEqual({ ...defaults, global: "/x" });
  });

  it("takes the later assignment, with its line, annotated or chained", () => {
    const { values, lines } = readPython(`${NAME} = 1\nOTHER = ${NAME}: dict = 2\n${NAME}: dict = 3; X = 4\r\n`);
    expect([values[NAME], lines[NAME]]).toEqual([3, 3]);
  });
});

describe("changes", () => {
  it.each<[string, unknown]>([
    ["{'a': {'b': 1}}\nX['a']['c'] = [2]", { a: { b: 1, c: [2] } }],
    ["[1]\nX += [2]\nX += (3,)", [1, 2, 3]],
    ["{'a': [1]}\nX['a'] += [2]\nX |= {'b': 'c'}\nX['b'] += 'd'", { a: [1, 2], b: "cd" }],
    ["[1, {'a': 2}]\nX[-1]['a'] += 3", [1, { a: 5 }]],
    [
      "{'__proto__': 1}\nX['toString'] = 2",
      Object.fromEntries([
        ["__proto__", 1],
        ["toString", 2],
      ]),
    ],
  ])("%s", (lines, expected) => {
    expect(valueOf("X", `X = ${lines}`)).toEqual(expected);
  });

  it("begin at our default, leave what shared it, and count with their line", () => {
    const { values, lines } = readPython(`${NAME}['global'] = '/x'\nOTHER = ${NAME}\n${NAME}["community"] = '/y'\n`);
    expect([values[NAME], lines[NAME]]).toEqual([{ global: "/x", community: "/y" }, 3]);
    expect(VARIABLES.find(({ name }) => name === NAME)?.default).not.toEqual(values[NAME]);
  });
});

describe("what is no plain data", () => {
  it.each([
    "open('/etc/passwd').read()",
    "__import__('os').system('true')",
    "os.environ.get('X', 'y')",
    "f'https://{HOST}'",
    "'%s' % HOST",
    "'a' * 1000000000",
    "2 ** 100000",
    "1 if True else 2",
    "[x for x in range(9)]",
    "lambda: 1",
    "not True",
    "UNKNOWN",
    "{**UNKNOWN}",
    "[*{'a': 1}]",
    "crontab(second=1)",
    "crontab('; rm')",
    "timedelta(days='x')",
    "{'a': }",
    `${"[".repeat(5000)}${"]".repeat(5000)}`,
  ])("is skipped and told: %s", (expression) => {
    const { values, skipped } = readPython(`# first\n${NAME} = ${expression}\nSITE_UI_URL = 'https://x'\n`);
    expect(values).not.toHaveProperty(NAME);
    expect(skipped.map(({ name, line }) => [name, line])).toContainEqual([NAME, 2]);
  });

  it.each([
    `if DEBUG:\n    ${NAME} = {}\n`,
    `try:\n    pass\nexcept E:\n    ${NAME} = {}\n`,
    `def f():\n    ${NAME} = {}\n`,
    `${NAME}.global = '/x'\n`,
    `${NAME}[f()] = '/x'\n`,
    `${NAME}['none']['deeper'] = '/x'\n`,
    `${NAME} += [1]\n`,
    `${NAME} -= 1\n`,
    `${NAME}.update({})\n`,
    `${NAME}, B = 1, 2\n`,
    `del ${NAME}\n`,
  ])("is told and not followed: %s", (text) => {
    const { values, skipped } = readPython(text);
    expect(values).toEqual({});
    expect(skipped.map(({ name }) => name)).toEqual([NAME]);
  });

  it("is no matter in variables of other packages", () => {
    expect(readPython("from os import environ\nSECRET_KEY = environ['X']\nPORT = f()\nimport x\n")).toEqual({
      values: {},
      lines: {},
      skipped: [],
    });
  });

  it("leaves the earlier value", () => {
    expect(valueOf("1", "")).toBe(1);
    expect(readPython(`${NAME} = 1\n${NAME} = f()\n`).values[NAME]).toBe(1);
  });

  it("does not show a secret", () => {
    const { skipped } = readPython("COMMUNITY_STATS_ADMIN_TOKEN = get('abcdefgh')\n");
    expect(skipped).toEqual([{ line: 1, name: "COMMUNITY_STATS_ADMIN_TOKEN", why: "its value is no plain text" }]);
  });

  it("does not grow without bound", () => {
    const doubled = Array.from({ length: 60 }, () => "A = [A, A]").join("\n");
    const { skipped } = readPython(`A = [1]\n${doubled}\n${NAME} = A\n`);
    expect(skipped).toHaveLength(1);
  });

  it("accepts variables without effect whatever they are", () => {
    const { values, skipped } = readPython("STATS_DASHBOARD_MENU_REGISTRATION_FUNCTION = register_menu\n");
    expect([values, skipped]).toEqual([{ STATS_DASHBOARD_MENU_REGISTRATION_FUNCTION: null }, []]);
  });
});

describe("properties", () => {
  const plain = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.boolean(),
      fc.integer(),
      fc.string({ unit: "grapheme" }),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(
        fc.string({ minLength: 1 }).filter((key) => key !== "__proto__"),
        tie("value"),
        { maxKeys: 4 },
      ),
    ),
  })).value;

  it("reads back whatever is written as Python", () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(valueOf(python(value))).toEqual(value);
      }),
      { numRuns: 200 },
    );
  });

  it("never throws, whatever the text", () => {
    const words = fc.constantFrom(
      NAME,
      "=",
      "{",
      "}",
      "'",
      "(",
      "**",
      ":",
      "\n",
      "  ",
      "if",
      "[",
      "f'",
      "1",
      ",",
      "\\",
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 30 }), (tokens) => {
        expect(readPython(tokens.join(" ")).skipped).toBeInstanceOf(Array);
      }),
      { numRuns: 300 },
    );
  });
});

function python(value: unknown): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, below]) => `${JSON.stringify(key)}: ${python(below)}`)
    .join(", ")}}`;
}
