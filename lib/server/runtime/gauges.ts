/** Gauges whose values are read when they are scraped. */
import { Gauge, type Registry } from 'prom-client';

/** Sets the value of a series. */
export type SetValue = (labels: Readonly<Record<string, string>>, value: number) => void;

/** A gauge, read at each scrape. Series that are not set during a scrape are not exported. */
export interface GaugeReading {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  readonly read: (set: SetValue) => void;
}

/** Registers the gauges. */
export function addGauges(registers: Registry[], readings: readonly GaugeReading[]): void {
  for (const { name, help, labelNames = [], read } of readings)
    new Gauge({
      name,
      help,
      labelNames,
      registers,
      collect() {
        this.reset();
        read((labels, value) => this.set(labels, value));
      },
    });
}
