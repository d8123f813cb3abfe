"use strict";
// `film` is laid out as described at `Film` in report/film.py.
const $ = (id) => document.getElementById(id);
const canvas = $("map"), brush = canvas.getContext("2d");
const RATES = [30, 60, 120, 300, 600, 1200, 2400, 4800]; // simulated seconds per second
const LEG = 7, GLOW_S = 240, MARGIN = 14;
let now = 0, playing = !matchMedia("(prefers-reduced-motion: reduce)").matches, last = null, colours = {};

const clockOf = (seconds) => {
  const minutes = Math.floor((film.began + seconds) / 60);
  return `${String(Math.floor(minutes / 60) % 24).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
};

function fit() {
  const box = canvas.getBoundingClientRect(), dots = devicePixelRatio || 1;
  canvas.width = box.width * dots;
  canvas.height = box.height * dots;
  brush.setTransform(dots, 0, 0, dots, 0, 0);
  const probe = document.createElement("i");
  document.body.append(probe);
  for (const name of ["soft", "floor", "main", "warm", "good", "bad", "line"]) {
    probe.style.color = `var(--${name})`;
    colours[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  draw();
}

function place() {
  const box = canvas.getBoundingClientRect();
  const scale = Math.min((box.width - 2 * MARGIN) / Math.max(film.wide, 1), (box.height - 2 * MARGIN) / Math.max(film.high, 1));
  const left = (box.width - film.wide * scale) / 2, bottom = (box.height + film.high * scale) / 2;
  return [(x) => left + x * scale, (y) => bottom - y * scale, box];
}

function standing(legs, time) { // where a driver is: [x, y, kind of the way or -1]
  let low = 0, high = legs.length / LEG;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (legs[middle * LEG] <= time) low = middle + 1; else high = middle;
  }
  if (low === 0) return [legs[2], legs[3], -1];
  const [from, to, x, y, toX, toY, kind] = legs.slice((low - 1) * LEG, low * LEG);
  if (time >= to) return [toX, toY, -1];
  const share = (time - from) / Math.max(to - from, 1);
  return [x + share * (toX - x), y + share * (toY - y), kind];
}

function disc(x, y, radius, colour, hollow) {
  brush.beginPath();
  brush.arc(x, y, radius, 0, 7);
  if (hollow) { brush.strokeStyle = colour; brush.lineWidth = 1.5; brush.stroke(); } else { brush.fillStyle = colour; brush.fill(); }
}

function drawOrders(X, Y) {
  const counts = { waiting: 0, carried: 0, delivered: 0, lost: 0 };
  for (const [placed, picked, ended, storeX, storeY, doorX, doorY, end] of film.orders) {
    if (placed > now) break;
    const x = X(doorX), y = Y(doorY);
    if (now < Math.min(picked, ended)) { counts.waiting++; disc(x, y, 3, colours.warm, true); }
    else if (now < ended) {
      counts.carried++;
      brush.strokeStyle = end ? colours.bad : colours.warm;
      brush.globalAlpha = 0.55;
      brush.lineWidth = 1;
      brush.beginPath(); brush.moveTo(X(storeX), Y(storeY)); brush.lineTo(x, y); brush.stroke();
      brush.globalAlpha = 1;
      disc(x, y, 3, colours.warm, false);
    } else {
      counts[end ? "lost" : "delivered"]++;
      if (now - ended < GLOW_S) {
        brush.globalAlpha = 1 - (now - ended) / GLOW_S;
        disc(x, y, 5, end ? colours.bad : colours.good, false);
        brush.globalAlpha = 1;
      }
    }
  }
  return counts;
}

function drawDrivers(X, Y) {
  let online = 0, busy = 0;
  for (const [on, off, legs] of film.drivers) {
    const [x, y, kind] = standing(legs, now);
    if (now < on || (now > off && kind < 0)) continue;
    online++;
    busy += kind >= 0;
    disc(X(x), Y(y), 4, kind < 0 ? colours.floor : kind === 2 ? colours.bad : colours.main, false);
  }
  return [online, busy];
}

function drawScale(X, box) { // a line as long as a kilometre
  const long = X(film.kilometre) - X(0), x = MARGIN, y = box.height - MARGIN;
  brush.strokeStyle = brush.fillStyle = colours.soft;
  brush.lineWidth = 1.5;
  brush.beginPath(); brush.moveTo(x, y - 4); brush.lineTo(x, y); brush.lineTo(x + long, y); brush.lineTo(x + long, y - 4); brush.stroke();
  brush.font = "12px system-ui, sans-serif";
  brush.fillText("1 km", x + long + 6, y);
}

function draw() {
  const [X, Y, box] = place();
  brush.clearRect(0, 0, box.width, box.height);
  drawScale(X, box);
  brush.strokeStyle = colours.soft;
  brush.lineWidth = 1;
  for (const [x, y] of film.stores) brush.strokeRect(X(x) - 2.5, Y(y) - 2.5, 5, 5);
  const counts = drawOrders(X, Y), [online, busy] = drawDrivers(X, Y);
  $("clock").value = clockOf(now);
  $("time").value = now;
  $("time").setAttribute("aria-valuetext", clockOf(now));
  $("counts").textContent = `${online} drivers online, ${busy} driving · ${counts.waiting} orders wait, ${counts.carried} on the way, ` +
    `${counts.delivered} delivered` + (counts.lost ? `, ${counts.lost} returned or cancelled` : "");
}

function frame(at) {
  if (!playing) { last = null; return; }
  if (last !== null) now += (at - last) / 1000 * RATES[$("speed").value];
  last = at;
  if (now >= film.length) { now = film.length; toggle(); }
  draw();
  requestAnimationFrame(frame);
}

function toggle() {
  playing = !playing;
  if (playing && now >= film.length) now = 0;
  $("play").textContent = playing ? "Pause" : "Play";
  if (playing) requestAnimationFrame(frame);
}

function sayRate() { $("rate").value = `${RATES[$("speed").value] / 60} min/s`; }

$("time").max = film.length;
$("time").addEventListener("input", (event) => { now = Number(event.target.value); draw(); });
$("speed").addEventListener("input", sayRate);
$("play").addEventListener("click", toggle);
canvas.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -300, ArrowRight: 300 }[event.key];
  if (event.key === " ") toggle();
  else if (step) { now = Math.max(0, Math.min(film.length, now + step)); draw(); }
  else return;
  event.preventDefault();
});
addEventListener("resize", fit);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", fit);
// Open where there is something to see: a third into the day.
now = Math.round(film.length / 3);
$("play").textContent = playing ? "Pause" : "Play";
sayRate();
fit();
requestAnimationFrame(frame);
