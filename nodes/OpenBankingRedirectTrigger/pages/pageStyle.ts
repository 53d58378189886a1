/** Style sheet of the pages that customers see. It is part of the page; the Content-Security-Policy has its digest. */
export const PAGE_STYLE = `
:root {
  --ink: #14213d; --soft: #4c5870; --line: #d5dbe6; --paper: #fff; --ground: #f3f6f9; --brand: #0b5d52; --on-brand: #fff;
  color-scheme: light dark;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e8ecf4; --soft: #aab4c8; --line: #36405a; --paper: #1a2236; --ground: #10172a; --brand: #7fd8c0; --on-brand: #08251f;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none; }
body {
  margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem;
  background: var(--ground); color: var(--ink);
  font: 1.0625rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
main {
  width: 100%; max-width: 34rem; padding: 2rem;
  background: var(--paper); border: 1px solid var(--line); border-top: 0.3rem solid var(--brand); border-radius: 0.75rem;
  overflow-wrap: anywhere;
}
.name { margin: 0 0 1.25rem; color: var(--brand); font-weight: 600; }
h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; }
p { margin: 0 0 1rem; }
p:last-child { margin-bottom: 0; }
.detail { color: var(--soft); font-size: 0.9375rem; }
label { display: block; margin-bottom: 0.3rem; font-weight: 600; }
input {
  width: 100%; margin-bottom: 1rem; padding: 0.65rem 0.75rem; font: inherit; color: inherit;
  background: var(--paper); border: 1px solid #7d889c; border-radius: 0.4rem;
}
button {
  padding: 0.65rem 1.4rem; font: inherit; font-weight: 600; cursor: pointer;
  background: var(--brand); color: var(--on-brand); border: 0; border-radius: 0.4rem;
}
a { color: var(--brand); }
a:focus-visible, button:focus-visible, input:focus-visible { outline: 3px solid var(--brand); outline-offset: 2px; }
`;
