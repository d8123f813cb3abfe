/** The product's sign: a courier's arrow on petrol. */
export function Mark({ size }: { size: number }) {
  return (
    <svg className="mark" width={size} height={size} viewBox="0 0 32 32" role="img" aria-label="CloudRun">
      <rect width="32" height="32" rx="9" />
      <path d="M9 21.5 23 16 9 10.5l3.2 5.5z" />
    </svg>
  );
}
