import { type CustomLayerInterface, type CustomRenderMethodInput, type Map as MapLibreMap, MercatorCoordinate } from "maplibre-gl";
import { driverStatus } from "../drivers/status";
import type { DrawnDriver, Fleet } from "../live/fleet";
import { type Palette, rgb } from "./palette";
import { FRAGMENT, VERTEX } from "./shaders";

/** Floats per driver: offset x, y; heading; size; red, green, blue, alpha. */
const STRIDE = 8;
const NO_HEADING = -9;
/** Edge of a marker's sprite in CSS pixels; the body takes about a third of it. */
const SIZE = { idle: 21, busy: 29, chosen: 36, halo: 92 };
const HALO_ALPHA = 0.22;

const ATTRIBUTES = [
  ["a_offset", 2],
  ["a_heading", 1],
  ["a_size", 1],
  ["a_colour", 4],
] as const;

/**
 * All drivers in one draw call, at their interpolated positions, in every frame while any of them moves.
 * Positions go to the shader relative to the map's centre: 32-bit floats could not hold them to the metre otherwise.
 */
export class FleetLayer implements CustomLayerInterface {
  readonly id = "fleet";
  readonly type = "custom";
  readonly renderingMode = "2d";
  chosen: string | null = null;
  private map: MapLibreMap | null = null;
  private program: WebGLProgram | null = null;
  private buffer: WebGLBuffer | null = null;
  private unsubscribe: (() => void) | null = null;
  private readonly fleet: Fleet;
  private palette: Palette;

  constructor(fleet: Fleet, palette: Palette) {
    this.fleet = fleet;
    this.palette = palette;
  }

  repaint(palette: Palette): void {
    this.palette = palette;
    this.map?.triggerRepaint();
  }

  onAdd(map: MapLibreMap, gl: WebGL2RenderingContext): void {
    this.map = map;
    this.program = link(gl);
    this.buffer = gl.createBuffer();
    this.unsubscribe = this.fleet.subscribe(() => map.triggerRepaint());
  }

  onRemove(_map: MapLibreMap, gl: WebGL2RenderingContext): void {
    this.unsubscribe?.();
    gl.deleteBuffer(this.buffer);
    gl.deleteProgram(this.program);
  }

  render(gl: WebGL2RenderingContext, { defaultProjectionData }: CustomRenderMethodInput): void {
    const { map, program } = this;
    if (map === null || program === null) return;
    const drivers = this.fleet.drawn(performance.now());
    const moving = drivers.some((driver) => driver.moving);
    const centre = MercatorCoordinate.fromLngLat(map.getCenter());

    gl.useProgram(program);
    const matrix = around(defaultProjectionData.mainMatrix, centre);
    gl.uniformMatrix4fv(gl.getUniformLocation(program, "u_matrix"), false, matrix);
    gl.uniform1f(gl.getUniformLocation(program, "u_scale"), window.devicePixelRatio * zoomScale(map.getZoom()));
    gl.uniform3fv(gl.getUniformLocation(program, "u_ring"), rgb(this.palette.ring));
    const vertices = this.vertices(drivers, centre);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer);
    gl.bufferData(gl.ARRAY_BUFFER, vertices, gl.DYNAMIC_DRAW);
    this.bindAttributes(gl, program);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.drawArrays(gl.POINTS, 0, vertices.length / STRIDE);
    if (moving) map.triggerRepaint();
  }

  private bindAttributes(gl: WebGL2RenderingContext, program: WebGLProgram): void {
    let offset = 0;
    for (const [name, floats] of ATTRIBUTES) {
      const at = gl.getAttribLocation(program, name);
      gl.enableVertexAttribArray(at);
      gl.vertexAttribPointer(at, floats, gl.FLOAT, false, STRIDE * 4, offset * 4);
      offset += floats;
    }
  }

  /** Idle drivers first, the chosen one last, so that what matters lies on top. */
  private vertices(drivers: DrawnDriver[], centre: MercatorCoordinate): Float32Array {
    const rank = ({ id, status }: DrawnDriver) => (id === this.chosen ? 2 : status === "idle" ? 0 : 1);
    drivers.sort((a, b) => rank(a) - rank(b));
    return new Float32Array(
      drivers.flatMap(({ id, at, heading, moving, status }) => {
        const { x, y } = MercatorCoordinate.fromLngLat(at);
        const place = [x - centre.x, y - centre.y];
        const colour = rgb(this.palette.tones[driverStatus(status).tone]);
        const shown = moving && heading !== null ? heading : NO_HEADING;
        const size = id === this.chosen ? SIZE.chosen : status === "idle" ? SIZE.idle : SIZE.busy;
        const marker = [...place, shown, size, ...colour, 1];
        return id === this.chosen ? [...place, NO_HEADING, SIZE.halo, ...colour, HALO_ALPHA, ...marker] : marker;
      }),
    );
  }
}

const zoomScale = (zoom: number): number => Math.min(Math.max(0.86 + (zoom - 11) * 0.08, 0.75), 1.2);

/** The matrix (column-major, 64-bit) for coordinates relative to `centre`. */
function around(matrix: ArrayLike<number>, centre: { x: number; y: number }): Float32Array {
  const moved = Array.from(matrix);
  const at = (index: number) => moved[index] ?? 0;
  for (let row = 0; row < 4; row += 1) {
    moved[12 + row] = at(row) * centre.x + at(4 + row) * centre.y + at(12 + row);
  }
  return new Float32Array(moved);
}

function link(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(kind) as WebGLShader;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    throw new Error(`The driver layer does not link: ${gl.getProgramInfoLog(program) ?? "no reason given"}`);
  }
  return program;
}
