import type { EditorTexts } from "../editor-texts.ts";

export const texts: EditorTexts = {
  about:
    "Escriba un diseño, mírelo y cópielo en los ajustes de la comunidad, o entréguelo a quien gestiona el servicio. Aquí no se envía ni se guarda nada.",
  ofRepository: "Empieza con el diseño del repositorio.",
  ofCommunity: "Empieza con el diseño de {{name}}.",
  document: "Diseño (JSON)",
  widget: "Elemento",
  insert: "Insertar",
  copy: "Copiar",
  save: "Guardar archivo",
  notCopied: "El navegador no permitió copiar. El texto está seleccionado: cópielo con el teclado.",
  problems: "Qué está mal",
  count: "Problemas: {{n}}",
  none: "Todo está bien.",
  place: "Línea {{line}}, columna {{column}}",
  preview: "Vista previa",
  invented: "Las cifras son inventadas.",
  kept: "El texto no se puede dibujar tal como está. Este es el último que se podía.",
  "json.value": "Aquí falta un valor: un texto entre comillas rectas, un número, una lista o una tabla de claves.",
  "json.item": "Aquí falta una entrada. Tras la última no va coma.",
  "json.name": "Aquí falta un nombre entre comillas rectas. Tras la última entrada no va coma.",
  "json.colon": "Aquí faltan dos puntos.",
  "json.comma": "Aquí falta una coma o un corchete de cierre.",
  "json.end": "Nada puede seguir al final del documento.",
  "json.text": "Este texto no tiene comillas de cierre en su línea, o tiene un carácter que JSON no admite.",
  "json.deep": "Ninguna otra lista o tabla puede empezar dentro de tantas otras.",
  missing: "Falta «{{path}}». Puede ser {{takes}}.",
  wrong: "«{{path}}» no puede ser «{{value}}». Puede ser {{takes}}.",
  whole: "documento",
  "takes.list": "una lista con al menos una entrada",
  "takes.map": "una tabla de claves",
  "takes.text": "un texto no vacío",
  "takes.label": "un texto no vacío, o uno por idioma",
  "takes.columns": "un número entero de 1 a 16",
  may: "Puede ser {{takes}}.",
};

export const props: Readonly<Record<string, string>> = {
  "a text": "un texto",
  "a number from 1; figures from there on are shortened": "un número a partir de 1; desde ahí las cifras se abrevian",
  "`bar`, `line` or `area`: how it is drawn at first": "`bar`, `line` o `area`: cómo se dibuja al principio",
  "a list of breakdowns (or a mapping with them as keys) that its menu offers, in this order":
    "una lista de desgloses (o una tabla que los tiene como claves) que ofrece el menú, en este orden",
  "a number from 1 to 50: values of a breakdown with a series of their own":
    "un número de 1 a 50: valores de un desglose con serie propia",
  "a number from 100 to 2000: pixels": "un número de 100 a 2000: píxeles",
  "a number from 1 to 100: values listed before the rest is summed up":
    "un número de 1 a 100: valores que se nombran antes de sumar el resto",
  "a number from 1 to 50: records listed": "un número de 1 a 50: registros que se nombran",
  "a list of `list` and `pie`; the list, which has bars, is always there (`bar` and `table` mean it)":
    "una lista de `list` y `pie`; la lista, que tiene barras, está siempre (`bar` y `table` se refieren a ella)",
  "`list` or `pie` (`bar` and `table` mean the list; so does a ring of which more than 30 % would be the rest, until the reader asks for it)":
    "`list` o `pie` (`bar` y `table` se refieren a la lista, como un anillo cuyo resto sería más del 30 %, mientras nadie lo pida)",
  "`views` or `downloads`: what it shows at first": "`views` o `downloads`: lo que muestra al principio",
  "`false`: use in the period instead of all use up to its last day":
    "`false`: el uso del periodo en vez de todo el uso hasta su último día",
  "a text; an empty line begins a paragraph": "un texto; una línea vacía empieza un párrafo",
  "the same under its older name": "lo mismo con su nombre anterior",
};
