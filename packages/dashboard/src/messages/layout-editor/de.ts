import type { EditorTexts } from "../editor-texts.ts";

export const texts: EditorTexts = {
  about:
    "Schreiben Sie eine Anordnung, sehen Sie sie an und kopieren Sie sie in die Einstellungen der Community, oder geben Sie sie denen, die den Dienst betreiben. Hier wird nichts gesendet oder aufbewahrt.",
  ofRepository: "Am Anfang steht die Anordnung des Repositoriums.",
  ofCommunity: "Am Anfang steht die Anordnung von {{name}}.",
  document: "Anordnung (JSON)",
  widget: "Element",
  insert: "Einfügen",
  copy: "Kopieren",
  save: "Als Datei sichern",
  notCopied: "Der Browser hat das Kopieren nicht erlaubt. Der Text ist markiert: Kopieren Sie ihn mit der Tastatur.",
  problems: "Was nicht stimmt",
  count: "Probleme: {{n}}",
  none: "Alles stimmt.",
  place: "Zeile {{line}}, Spalte {{column}}",
  preview: "Vorschau",
  invented: "Die Zahlen sind erfunden.",
  kept: "So kann der Text nicht gezeichnet werden. Dies ist der letzte, bei dem das ging.",
  "json.value":
    "Hier fehlt ein Wert: ein Text in geraden Anführungszeichen, eine Zahl, eine Liste oder eine Zuordnung.",
  "json.item": "Hier fehlt ein Eintrag. Nach dem letzten steht kein Komma.",
  "json.name": "Hier fehlt ein Name in geraden Anführungszeichen. Nach dem letzten Eintrag steht kein Komma.",
  "json.colon": "Hier fehlt ein Doppelpunkt.",
  "json.comma": "Hier fehlt ein Komma oder eine schließende Klammer.",
  "json.end": "Nach dem Ende des Dokuments darf nichts stehen.",
  "json.text":
    "Dieser Text hat in seiner Zeile kein schließendes Anführungszeichen oder ein Zeichen, das JSON nicht nimmt.",
  "json.deep": "In so vielen Listen und Zuordnungen darf keine weitere beginnen.",
  missing: "„{{path}}“ fehlt. Möglich ist {{takes}}.",
  wrong: "„{{path}}“ kann nicht „{{value}}“ sein. Möglich ist {{takes}}.",
  whole: "Dokument",
  "takes.list": "eine Liste mit mindestens einem Eintrag",
  "takes.map": "eine Zuordnung",
  "takes.text": "ein Text, der nicht leer ist",
  "takes.label": "ein Text, der nicht leer ist, oder einer je Sprache",
  "takes.columns": "eine ganze Zahl von 1 bis 16",
  may: "Möglich ist {{takes}}.",
};

export const props: Readonly<Record<string, string>> = {
  "a text": "ein Text",
  "a number from 1; figures from there on are shortened": "eine Zahl ab 1; Zahlen von dort an werden gekürzt",
  "`bar`, `line` or `area`: how it is drawn at first": "`bar`, `line` oder `area`: wie zuerst gezeichnet wird",
  "a list of breakdowns (or a mapping with them as keys) that its menu offers, in this order":
    "eine Liste von Aufteilungen (oder eine Zuordnung mit ihnen als Schlüsseln), die das Menü in dieser Folge anbietet",
  "a number from 1 to 50: values of a breakdown with a series of their own":
    "eine Zahl von 1 bis 50: Werte einer Aufteilung mit eigener Reihe",
  "a number from 100 to 2000: pixels": "eine Zahl von 100 bis 2000: Pixel",
  "a number from 1 to 100: values listed before the rest is summed up":
    "eine Zahl von 1 bis 100: genannte Werte, bevor der Rest zusammengefasst wird",
  "a number from 1 to 50: records listed": "eine Zahl von 1 bis 50: genannte Datensätze",
  "a list of `list` and `pie`; the list, which has bars, is always there (`bar` and `table` mean it)":
    "eine Liste aus `list` und `pie`; die Liste, die Balken hat, ist immer da (`bar` und `table` meinen sie)",
  "`list` or `pie` (`bar` and `table` mean the list; so does a ring of which more than 30 % would be the rest, until the reader asks for it)":
    "`list` oder `pie` (`bar` und `table` meinen die Liste, wie auch ein Ring, von dem mehr als 30 % der Rest wären, bis ihn jemand verlangt)",
  "`views` or `downloads`: what it shows at first": "`views` oder `downloads`: was zuerst gezeigt wird",
  "`false`: use in the period instead of all use up to its last day":
    "`false`: Nutzung im Zeitraum statt aller Nutzung bis zu seinem letzten Tag",
  "a text; an empty line begins a paragraph": "ein Text; eine leere Zeile beginnt einen Absatz",
  "the same under its older name": "dasselbe unter seinem älteren Namen",
};
