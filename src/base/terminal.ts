import { styleText } from 'node:util';

/** Colours only where a terminal shows them; NO_COLOR (no-color.org) and TERM=dumb switch them off. */
const colours = (): boolean => process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';

const style = (format: Parameters<typeof styleText>[0]) => (text: string) =>
  colours() ? styleText(format, text) : text;

export const bold = style('bold');
export const dim = style('dim');
export const green = style('green');
export const red = style('red');
export const yellow = style('yellow');
