import type { EditorTexts } from "../editor-texts.ts";

export const texts: EditorTexts = {
  about:
    "Écrivez une mise en page, regardez-la et copiez-la dans les paramètres de la communauté, ou remettez-la à qui gère le service. Rien n’est envoyé ni conservé ici.",
  ofRepository: "Le texte de départ est la mise en page de l’entrepôt.",
  ofCommunity: "Le texte de départ est la mise en page de {{name}}.",
  document: "Mise en page (JSON)",
  widget: "Élément",
  insert: "Insérer",
  copy: "Copier",
  save: "Enregistrer",
  notCopied: "Le navigateur n’a pas permis la copie. Le texte est sélectionné : copiez-le avec le clavier.",
  problems: "Ce qui ne va pas",
  count: "Problèmes : {{n}}",
  none: "Tout est correct.",
  place: "Ligne {{line}}, colonne {{column}}",
  preview: "Aperçu",
  invented: "Les chiffres sont inventés.",
  kept: "Le texte ne peut pas être dessiné tel quel. Voici le dernier qui pouvait l’être.",
  "json.value":
    "Il manque ici une valeur : un texte entre guillemets droits, un nombre, une liste ou une table de correspondance.",
  "json.item": "Il manque ici une entrée. La dernière n’est pas suivie d’une virgule.",
  "json.name": "Il manque ici un nom entre guillemets droits. La dernière entrée n’est pas suivie d’une virgule.",
  "json.colon": "Il manque ici un deux-points.",
  "json.comma": "Il manque ici une virgule ou un crochet fermant.",
  "json.end": "Rien ne peut suivre la fin du document.",
  "json.text": "Ce texte n’a pas de guillemet fermant sur sa ligne, ou contient un caractère que JSON n’accepte pas.",
  "json.deep": "Aucune autre liste ou table ne peut commencer dans autant d’autres.",
  missing: "« {{path}} » manque. Est possible : {{takes}}.",
  wrong: "« {{path}} » ne peut pas être « {{value}} ». Est possible : {{takes}}.",
  whole: "document",
  "takes.list": "une liste d’au moins une entrée",
  "takes.map": "une table de correspondance",
  "takes.text": "un texte non vide",
  "takes.label": "un texte non vide, ou un par langue",
  "takes.columns": "un nombre entier de 1 à 16",
  may: "Est possible : {{takes}}.",
};

export const props: Readonly<Record<string, string>> = {
  "a text": "un texte",
  "a number from 1; figures from there on are shortened":
    "un nombre à partir de 1 ; au-delà, les chiffres sont abrégés",
  "`bar`, `line` or `area`: how it is drawn at first": "`bar`, `line` ou `area` : le dessin de départ",
  "a list of breakdowns (or a mapping with them as keys) that its menu offers, in this order":
    "une liste de répartitions (ou une table qui les a pour clés) que le menu propose, dans cet ordre",
  "a number from 1 to 50: values of a breakdown with a series of their own":
    "un nombre de 1 à 50 : valeurs d’une répartition qui ont leur propre série",
  "a number from 100 to 2000: pixels": "un nombre de 100 à 2000 : pixels",
  "a number from 1 to 100: values listed before the rest is summed up":
    "un nombre de 1 à 100 : valeurs citées avant le total du reste",
  "a number from 1 to 50: records listed": "un nombre de 1 à 50 : notices citées",
  "a list of `list` and `pie`; the list, which has bars, is always there (`bar` and `table` mean it)":
    "une liste de `list` et `pie` ; la liste, qui a des barres, est toujours là (`bar` et `table` la désignent)",
  "`list` or `pie` (`bar` and `table` mean the list; so does a ring of which more than 30 % would be the rest, until the reader asks for it)":
    "`list` ou `pie` (`bar` et `table` désignent la liste, comme un anneau dont plus de 30 % serait le reste, tant qu’on ne le demande pas)",
  "`views` or `downloads`: what it shows at first": "`views` ou `downloads` : ce qui est montré d’abord",
  "`false`: use in the period instead of all use up to its last day":
    "`false` : l’usage de la période au lieu de tout l’usage jusqu’à son dernier jour",
  "a text; an empty line begins a paragraph": "un texte ; une ligne vide commence un paragraphe",
  "the same under its older name": "la même chose sous son ancien nom",
};
