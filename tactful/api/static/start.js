// Starts the description of the API. In a file of its own because inline scripts are forbidden.

const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
follow();
dark.addEventListener("change", follow);

// What Swagger's own parts lack for keyboards and screen readers.
const heard = ({React}) => {
  const make = React.createElement;
  const unseen = (tag, text) => make(tag, {className: "unseen"}, text);
  return {
    wrapComponents: {
      InfoContainer: (Part) => (props) => make("section", {"aria-label": "About"}, make(Part, props)),
      AuthorizeBtnContainer: (Part) => (props) =>
        make("section", {"aria-label": "Authorization"}, make(Part, props)),
      operations: (Part) => (props) => make(React.Fragment, null, unseen("h2", "Operations"), make(Part, props)),
      CloseIcon: (Part) => (props) => make(React.Fragment, null, make(Part, props), unseen("span", "Close")),
      // A link inside a button cannot be reached; the button itself already changes the address.
      DeepLink: () => ({text}) => make("span", null, text),
      TextArea: (Part) => (props) => make(Part, {"aria-label": "Request body", ...props}),
    },
  };
};

SwaggerUIBundle({url: "openapi.json", dom_id: "#swagger", deepLinking: true, validatorUrl: null, plugins: [heard]});
