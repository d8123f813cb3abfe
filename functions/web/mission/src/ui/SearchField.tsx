import { useEffect, useRef } from "react";
import { Icon } from "./Icon";
import { searchWanted } from "./keyboard";

interface SearchFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

/** The field that `/` jumps to. Down leads into the list, Escape empties the field and then leaves it. */
export function SearchField({ label, value, onChange }: SearchFieldProps) {
  const field = useRef<HTMLInputElement>(null);

  useEffect(() => {
    if (!searchWanted.get()) return;
    searchWanted.set(false);
    field.current?.focus();
  }, []);

  return (
    <label className="search">
      <Icon name="search" size={15} />
      <input
        ref={field}
        type="search"
        data-search
        aria-label={label}
        placeholder={label}
        value={value}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          if (value === "") event.currentTarget.blur();
          else onChange("");
        }}
      />
      {value === "" && <kbd className="key">/</kbd>}
    </label>
  );
}
