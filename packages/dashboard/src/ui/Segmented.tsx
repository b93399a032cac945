import { useId, useState, type ReactNode } from "react";
import { Icon, type IconName } from "./Icon.tsx";

export interface SegmentedOption {
  readonly value: string;
  readonly label: string;
  readonly icon?: IconName;
}

export interface SegmentedProps {
  readonly legend: string;
  readonly options: readonly SegmentedOption[];
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly className?: string;
}

/** One of a few, as a row of radio buttons. */
export function Segmented({ legend, options, value, onChange, className = "" }: SegmentedProps): ReactNode {
  const name = useId();
  // The choice is seen at once, though what follows from it takes a while.
  const [shown, setShown] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    setKnown(value);
    setShown(value);
  }
  const icons = options.every(({ icon }) => icon !== undefined);
  return (
    <fieldset className={`segmented ${icons ? "icons" : ""} ${className}`}>
      <legend className="sr">{legend}</legend>
      {options.map((option) => (
        <label key={option.value} title={icons ? option.label : undefined}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === shown}
            onChange={() => {
              setShown(option.value);
              onChange(option.value);
            }}
            {...(icons ? { "aria-label": option.label } : {})}
          />
          <span>{option.icon === undefined ? option.label : <Icon name={option.icon} />}</span>
        </label>
      ))}
    </fieldset>
  );
}
