import type { Writable } from "node:stream";
import { crc32, createDeflateRaw, type DeflateRaw } from "node:zlib";
import type { ByteBlocks } from "./byte-block.ts";
import { writeTo } from "./writing.ts";

interface Entry {
  readonly name: Buffer;
  readonly offset: number;
  readonly checksum: number;
  readonly compressed: number;
  readonly plain: number;
}

const LIMIT = 0xffff_ffff;
/** Sizes follow the data (bit 3), names are UTF-8 (bit 11). */
const FLAGS = 0x0808;
const DEFLATE = 8;
/** 1980-01-01: the same content gives the same bytes. */
const DATE = 0x21;

/** Writes a ZIP archive to a stream in constant memory, one entry after the other. Entries and archive stay under 4 GiB. */
export class ZipWriter {
  readonly #out: Writable;
  readonly #entries: Entry[] = [];
  #position = 0;

  constructor(out: Writable) {
    this.#out = out;
  }

  async add(name: string, content: ByteBlocks): Promise<void> {
    const bytes = Buffer.from(name);
    const offset = this.#position;
    await this.#write(localHeader(bytes));
    const { checksum, plain, compressed } = await this.#deflate(content);
    const descriptor = Buffer.alloc(16);
    descriptor.writeUInt32LE(0x0807_4b50, 0);
    descriptor.writeUInt32LE(checksum, 4);
    descriptor.writeUInt32LE(compressed, 8);
    descriptor.writeUInt32LE(plain, 12);
    await this.#write(descriptor);
    if (this.#position > LIMIT || plain > LIMIT) throw new RangeError(`the archive is larger than 4 GiB at ${name}`);
    this.#entries.push({ name: bytes, offset, checksum, compressed, plain });
  }

  /** Writes the directory and ends the stream. */
  async end(): Promise<void> {
    const start = this.#position;
    for (const entry of this.#entries) await this.#write(directoryHeader(entry));
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x0605_4b50, 0);
    end.writeUInt16LE(this.#entries.length, 8);
    end.writeUInt16LE(this.#entries.length, 10);
    end.writeUInt32LE(this.#position - start, 12);
    end.writeUInt32LE(start, 16);
    await this.#write(end);
    this.#out.end();
  }

  async #deflate(content: ByteBlocks): Promise<Pick<Entry, "checksum" | "plain" | "compressed">> {
    const deflate = createDeflateRaw({ level: 5 });
    const fed = feed(deflate, content);
    let compressed = 0;
    const drain = async (): Promise<void> => {
      for await (const bytes of deflate) {
        compressed += (bytes as Buffer).length;
        await this.#write(bytes as Buffer);
      }
    };
    try {
      const [plain] = await Promise.all([fed, drain()]);
      return { ...plain, compressed };
    } catch (error) {
      deflate.destroy();
      throw error;
    }
  }

  async #write(bytes: Buffer): Promise<void> {
    this.#position += bytes.length;
    await writeTo(this.#out, bytes);
  }
}

/** While one block of memory is compressed, the other is filled; a workbook has thousands of blocks. */
async function feed(deflate: DeflateRaw, content: ByteBlocks): Promise<Pick<Entry, "checksum" | "plain">> {
  let [checksum, plain] = [0, 0];
  let compressing: Promise<void> = Promise.resolve();
  for (let bytes = content.next(); bytes !== null; bytes = content.next()) {
    await compressing;
    checksum = crc32(bytes, checksum);
    plain += bytes.length;
    compressing = written(deflate, bytes);
    // Looked at above; until then its failure is nobody's.
    compressing.catch(() => undefined);
  }
  await compressing;
  deflate.end();
  return { checksum, plain };
}

/** Resolves when the bytes are compressed and their memory may be used again. */
function written(deflate: DeflateRaw, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    deflate.write(bytes, (error) => {
      if (error === null || error === undefined) resolve();
      else reject(error);
    });
  });
}

function localHeader(name: Buffer): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x0403_4b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(FLAGS, 6);
  header.writeUInt16LE(DEFLATE, 8);
  header.writeUInt16LE(DATE, 12);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name]);
}

function directoryHeader(entry: Entry): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x0201_4b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(20, 6);
  header.writeUInt16LE(FLAGS, 8);
  header.writeUInt16LE(DEFLATE, 10);
  header.writeUInt16LE(DATE, 14);
  header.writeUInt32LE(entry.checksum, 16);
  header.writeUInt32LE(entry.compressed, 20);
  header.writeUInt32LE(entry.plain, 24);
  header.writeUInt16LE(entry.name.length, 28);
  header.writeUInt32LE(entry.offset, 42);
  return Buffer.concat([header, entry.name]);
}
