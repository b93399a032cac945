/** Values that break what is not careful: prototypes, numbers that are texts, directions, planes, length, case, blanks. */
export const HOSTILE = [
  "__proto__",
  "constructor",
  "toString",
  "007",
  "7",
  "null",
  "undefined",
  "عربي \u202Etxt",
  "😀",
  "\uFF21",
  "e\u0301",
  "é",
  " padded ",
  "a",
  "A",
  'quote"\\',
  "x".repeat(400),
  "line\nbreak",
  "=1+1",
  "a/b.c?d",
];

/** Not values: nothing, or nothing in it. */
export const NOT_VALUES = [null, "", undefined];

export const PUBLICATION_DATES = [
  "2024",
  "2024-02",
  "2024-02-29",
  "2023-12-31",
  "2024-01-01",
  "2020-12/2021-01",
  "2024-02-28/2024-02-28",
  "2023/2024-03",
  "2025-03-11",
  "2025-05-01",
  "2023-12-30T23:30:00-05:00",
  "2030-01-01",
  "1066",
  null,
  undefined,
  "",
  "2020-2021",
  "20200113",
  "2020-W05",
  "1999~",
  "2023-02-29",
  "2024-03/2024-02",
  "2024-13",
  "May 2020",
];

/** Years in which the dates above fall and in which no other thing happens. */
export const PUBLICATION_WINDOWS = [
  { from: "1065-12-31", to: "1066-01-02" },
  { from: "2020-11-30", to: "2020-12-02" },
  { from: "2022-12-31", to: "2023-01-02" },
];

export const COUNTRIES = ["US", "DE", "FR", "us", "null", "", null, undefined];
export const REFERRERS = [
  "https://www.example.org/search?q=1",
  "https://WWW.Example.org:8443/other",
  "http://пример.рф/",
  "",
  null,
  undefined,
];
export const FILE_KEYS = [
  "paper.pdf",
  "data.csv",
  "data.CSV",
  "archive.tar.gz",
  "README",
  "ünï 😀.pdf",
  ".profile",
  "dot.",
];
