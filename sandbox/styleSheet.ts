/** Style sheet of the bank's pages. */
export const STYLE_SHEET = `:root {
  --ink: #14213d;
  --soft: #55617a;
  --line: #d5dbe6;
  --brand: #0b5d52;
  --brand-dark: #084a41;
  --paper: #ffffff;
  --ground: #f3f6f9;
  --wrong: #a4161a;
  color-scheme: light;
}
* { box-sizing: border-box; }
body {
  margin: 0;
  min-height: 100vh;
  display: flex;
  flex-direction: column;
  align-items: center;
  background: var(--ground);
  color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
header {
  width: 100%;
  padding: 0.9rem 1.5rem;
  background: var(--brand);
  color: #fff;
  font-weight: 600;
  display: flex;
  align-items: center;
  gap: 0.6rem;
}
.mark { width: 1.1rem; height: 1.1rem; border: 0.28rem solid #fff; border-radius: 50%; }
.badge {
  font-size: 0.75rem;
  font-weight: 500;
  border: 1px solid #ffffffa0;
  border-radius: 1rem;
  padding: 0.05rem 0.6rem;
}
main {
  width: min(34rem, 100% - 2rem);
  margin: 2.5rem 0 1.5rem;
  padding: 2rem;
  background: var(--paper);
  border: 1px solid var(--line);
  border-radius: 0.75rem;
}
h1 { margin: 0 0 1rem; font-size: 1.45rem; line-height: 1.25; }
p { margin: 0 0 1rem; }
label { display: block; margin: 0 0 0.3rem; font-weight: 600; }
input:not([type="checkbox"]), textarea {
  width: 100%;
  margin: 0 0 1.1rem;
  padding: 0.65rem 0.75rem;
  border: 1px solid #7d889c;
  border-radius: 0.4rem;
  background: #fff;
  color: inherit;
  font: inherit;
}
textarea {
  font: 0.8rem/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  overflow-wrap: anywhere;
  resize: vertical;
}
button, a.button {
  display: inline-block;
  padding: 0.65rem 1.4rem;
  border: 1px solid var(--brand);
  border-radius: 0.4rem;
  background: #fff;
  color: var(--brand-dark);
  font: inherit;
  font-weight: 600;
  text-decoration: none;
  cursor: pointer;
}
button.primary { background: var(--brand); color: #fff; }
button:hover, a.button:hover { border-color: var(--brand-dark); background: #e8f2f0; }
button.primary:hover { background: var(--brand-dark); }
:focus-visible { outline: 3px solid #3f8efc; outline-offset: 2px; }
.buttons { display: flex; flex-wrap: wrap; gap: 0.75rem; }
ul.permissions { margin: 0 0 1rem; padding-left: 1.3rem; }
fieldset { margin: 0 0 1.4rem; padding: 0; border: 0; }
legend { padding: 0; margin-bottom: 0.5rem; font-weight: 600; }
label.account {
  display: flex;
  align-items: center;
  gap: 0.8rem;
  margin: 0;
  padding: 0.7rem 0.9rem;
  border: 1px solid var(--line);
  border-top-width: 0;
  font-weight: 400;
  cursor: pointer;
}
legend + label.account { border-top-width: 1px; border-radius: 0.5rem 0.5rem 0 0; }
label.account:last-child { border-radius: 0 0 0.5rem 0.5rem; }
label.account input { width: 1.15rem; height: 1.15rem; accent-color: var(--brand); flex: none; }
.name { flex: 1; font-weight: 600; }
.name small { display: block; color: var(--soft); font-weight: 400; font-size: 0.85rem; }
.balance { font-variant-numeric: tabular-nums; white-space: nowrap; }
.mistake {
  padding: 0.7rem 0.9rem;
  border-left: 4px solid var(--wrong);
  background: #fdf0f0;
  color: #6f0f12;
}
.hint { margin: 1.2rem 0 0; color: var(--soft); font-size: 0.875rem; overflow-wrap: anywhere; }
code { font: 0.9em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
@media (max-width: 30rem) {
  main { margin-top: 1rem; padding: 1.25rem; }
}
footer { padding: 0 1rem 2rem; color: var(--soft); font-size: 0.875rem; text-align: center; }
`;
