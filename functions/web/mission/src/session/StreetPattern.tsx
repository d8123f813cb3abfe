const COLUMNS = 13;
const ROWS = 9;
const CELL = 120;

/** A bent street grid behind the sign-in card, with one route drawn through it. */
export function StreetPattern() {
  const across = Array.from({ length: ROWS }, (_, row) => polyline(COLUMNS, (column) => corner(column, row)));
  const down = Array.from({ length: COLUMNS }, (_, column) => polyline(ROWS, (row) => corner(column, row)));
  const route = alongStreets(TURNS).map(([column, row]) => corner(column, row).join(" ")).join(" L");
  return (
    <svg className="signin__streets" viewBox="0 0 1440 900" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      {[...across, ...down].map((d, index) => (
        <path key={d} d={d} className={index % 3 === 0 ? "street street--wide" : "street"} />
      ))}
      <path d={`M${route}`} className="street street--route" pathLength={1} />
    </svg>
  );
}

type Crossing = readonly [column: number, row: number];

const TURNS: readonly Crossing[] = [
  [1, 6],
  [2, 6],
  [2, 4],
  [4, 4],
  [4, 2],
  [9, 2],
  [9, 5],
  [11, 5],
  [11, 3],
];

/** Every crossing between one turn and the next, so that the route bends with its streets. */
function alongStreets(turns: readonly Crossing[]): Crossing[] {
  return turns.flatMap(([column, row], index) => {
    const [nextColumn, nextRow] = turns[index + 1] ?? [column, row];
    const steps = Math.max(Math.abs(nextColumn - column), Math.abs(nextRow - row), 1);
    return Array.from({ length: steps }, (_, step): Crossing => [
      column + Math.sign(nextColumn - column) * step,
      row + Math.sign(nextRow - row) * step,
    ]);
  });
}

function corner(column: number, row: number): [number, number] {
  const x = column * CELL + 22 * Math.sin(row / 1.7) + 14 * Math.sin(column + row / 3);
  const y = row * CELL - 20 + 20 * Math.sin(column / 2.1) + 10 * Math.cos(row + column / 4);
  return [Math.round(x), Math.round(y)];
}

function polyline(length: number, at: (index: number) => [number, number]): string {
  return `M${Array.from({ length }, (_, index) => at(index).join(" ")).join(" L")}`;
}
