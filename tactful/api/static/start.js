// Starts the description of the API. In a file of its own because inline scripts are forbidden.

const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
follow();
dark.addEventListener("change", follow);

// What Swagger's own parts lack for keyboards and screen readers.
const heard = ({React}) => {
  const make = React.createElement;
  // Swagger names a parameter's input by its placeholder only.
  const named = (Part) => (props) => make("label", null, unseen("span", props.description), make(Part, props));
  // A table in the role of a region is no table any more.
  const tables = (node) => node?.querySelectorAll("table[role]").forEach((table) => table.removeAttribute("role"));
  const unseen = (tag, text) => make(tag, {className: "unseen"}, text);
  return {
    wrapComponents: {
      InfoContainer: (Part) => (props) => make("section", {"aria-label": "About"}, make(Part, props)),
      AuthorizeBtnContainer: (Part) => (props) =>
        make("section", {"aria-label": "Authorization"}, unseen("h2", "Authorization"), make(Part, props)),
      operations: (Part) => (props) => make(React.Fragment, null, unseen("h2", "Operations"), make(Part, props)),
      CloseIcon: (Part) => (props) => make(React.Fragment, null, make(Part, props), unseen("span", "Close")),
      // A link inside a button cannot be reached; the button itself already changes the address.
      DeepLink: () => ({text}) => make("span", null, text),
      JsonSchema_boolean: named,
      JsonSchema_string: named,
      responses: (Part) => (props) => make("div", {ref: tables}, make(Part, props)),
      TextArea: (Part) => (props) => make(Part, {"aria-label": "Request body", ...props}),
    },
  };
};

SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger",
  deepLinking: true,
  // Chapters, closed: one can look over them, and Swagger keeps out of the page what is not on screen once it
  // lists 150 things, which neither keyboards nor the browser's own search would find.
  docExpansion: "none",
  validatorUrl: null,
  syntaxHighlight: {theme: "obsidian"},
  plugins: [heard],
});
