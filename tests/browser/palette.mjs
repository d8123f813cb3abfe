/** Pictures of an interface as PNG files with 256 colours: hardly told from the full ones, and half their size. */
import { crc32, deflateSync } from "node:zlib";

const COLOURS = 256;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Bit depth 8, colour type 3 (palette), the standard compression and filter, not interlaced. */
const FORMAT = [8, 3, 0, 0, 0];

/** `pixels` are 32-bit numbers, red in the lowest byte, `width` of them in a row. */
export function palettePng(pixels, width) {
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const palette = chosen(counts);
  const places = new Map([...counts.keys()].map((pixel) => [pixel, nearest(pixel, palette)]));

  const height = pixels.length / width;
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) rows[y * (width + 1) + x + 1] = places.get(pixels[y * width + x]);
  }
  const header = Buffer.alloc(8);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", Buffer.concat([header, Buffer.from(FORMAT)])),
    chunk("PLTE", Buffer.from(palette.flat())),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** The commonest colour of each of the commonest families, a family being what agrees in five bits of every channel. */
function chosen(counts) {
  const families = new Map();
  for (const [pixel, count] of counts) {
    const key = channels(pixel).map((value) => value >> 3).join();
    const family = families.get(key) ?? { total: 0, most: 0, pixel };
    families.set(key, {
      total: family.total + count,
      most: Math.max(family.most, count),
      pixel: count > family.most ? pixel : family.pixel,
    });
  }
  const ranked = [...families.values()].sort((a, b) => b.total - a.total);
  return ranked.slice(0, COLOURS).map(({ pixel }) => channels(pixel));
}

function nearest(pixel, palette) {
  const [red, green, blue] = channels(pixel);
  const far = ([r, g, b]) => (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
  return palette.reduce((best, colour, place) => (far(colour) < far(palette[best]) ? place : best), 0);
}

const channels = (pixel) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];

function chunk(type, data) {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}
