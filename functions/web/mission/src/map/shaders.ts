/** Driver markers as point sprites: a disc, which grows a nose in driving direction while it moves. */
export const VERTEX = `#version 300 es
uniform mat4 u_matrix;
uniform float u_scale;
in vec2 a_offset;
in float a_heading;
in float a_size;
in vec4 a_colour;
out float v_heading;
out vec4 v_colour;
void main() {
  gl_Position = u_matrix * vec4(a_offset, 0.0, 1.0);
  gl_PointSize = a_size * u_scale;
  v_heading = a_heading;
  v_colour = a_colour;
}`;

/** Signed distances after Quilez, "2D distance functions" (uneven capsule); a heading below -8 means none. */
export const FRAGMENT = `#version 300 es
precision highp float;
uniform vec3 u_ring;
uniform float u_scale;
in float v_heading;
in vec4 v_colour;
out vec4 colour;
float capsule(vec2 p, float r1, float r2, float h) {
  p.x = abs(p.x);
  float b = (r1 - r2) / h;
  float a = sqrt(1.0 - b * b);
  float k = dot(p, vec2(-b, a));
  if (k < 0.0) return length(p) - r1;
  if (k > a * h) return length(p - vec2(0.0, h)) - r2;
  return dot(p, vec2(a, b)) - r1;
}
void main() {
  vec2 p = gl_PointCoord * 2.0 - 1.0;
  float distance = length(p) - 0.36;
  if (v_heading > -8.0) {
    float c = cos(v_heading);
    float s = sin(v_heading);
    vec2 q = vec2(c * p.x + s * p.y, s * p.x - c * p.y);
    distance = capsule(q, 0.36, 0.05, 0.56);
  }
  float soft = fwidth(distance);
  float body = 1.0 - smoothstep(-soft, soft, distance);
  float ring = 1.0 - smoothstep(-soft, soft, distance - 0.15);
  float shade = (1.0 - smoothstep(0.0, 0.3, distance - 0.08)) * 0.22;
  vec3 paint = mix(u_ring, v_colour.rgb, body);
  float alpha = mix(shade, 1.0, ring);
  colour = vec4(paint * ring, alpha) * v_colour.a;
}`;
