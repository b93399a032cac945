import { writeCsv, writeCsvArchive } from "./csv.ts";
import type { Serializer } from "./serializer.ts";
import { writeTexts } from "./writing.ts";
import { writeXlsx } from "./xlsx.ts";
import { xmlOf } from "./xml.ts";

const XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** The formats that come with the service, by their `format=`. */
export const JSON_FORMAT: Serializer = {
  id: "json",
  contentType: "application/json; charset=utf-8",
  extension: ".json",
  attachment: false,
  compressible: true,
  write: (content, out) => writeTexts(content.json(), out),
};

/** One table. A request that gives several is answered with the archive instead. */
export const CSV_FORMAT: Serializer = {
  id: "csv",
  contentType: "text/csv; charset=utf-8; header=present",
  extension: ".csv",
  attachment: true,
  compressible: true,
  write: (content, out) => writeCsv(content.document(), out),
};

export const ARCHIVE_FORMAT: Serializer = {
  id: "csv.tar.gz",
  contentType: "application/gzip",
  extension: ".tar.gz",
  attachment: true,
  compressible: false,
  write: (content, out) => writeCsvArchive(content.document(), out),
};

export const XLSX_FORMAT: Serializer = {
  id: "xlsx",
  contentType: XLSX_TYPE,
  extension: ".xlsx",
  attachment: true,
  compressible: false,
  write: (content, out) => writeXlsx(content.document(), out),
};

const XML_FORMAT: Serializer = {
  id: "xml",
  contentType: "application/xml; charset=utf-8",
  extension: ".xml",
  attachment: true,
  compressible: true,
  write: (content, out) => writeTexts(xmlOf(content.document()), out),
};

export const FORMATS: readonly Serializer[] = [JSON_FORMAT, CSV_FORMAT, ARCHIVE_FORMAT, XLSX_FORMAT, XML_FORMAT];
