/** The page's look in a few tokens; `tokens.css` has those that are not Mantine's. */
import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** The one accent: links, what can be pressed, what runs. */
const accent: MantineColorsTuple = [
  "#edf3fd",
  "#d9e5fa",
  "#b1c9f4",
  "#86abee",
  "#6292e8",
  "#4b82e5",
  "#2f6fde",
  "#2560c4",
  "#1c52aa",
  "#123f8a",
];

/** What failed, and what cannot be undone: vermilion, which stands apart from green for every eye. */
const red: MantineColorsTuple = [
  "#fff1ec",
  "#ffe1d6",
  "#ffc1ab",
  "#ff9f7c",
  "#ff8a5b",
  "#f5703b",
  "#d9530f",
  "#b83d00",
  "#993300",
  "#7a2900",
];

/** Mantine's theme. */
export const theme = createTheme({
  colors: { accent, red },
  primaryColor: "accent",
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  defaultRadius: "sm",
  cursorType: "pointer",
  respectReducedMotion: true,
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace",
  // One scale: 4, 8, 16, 24, 40.
  spacing: { xs: "0.25rem", sm: "0.5rem", md: "1rem", lg: "1.5rem", xl: "2.5rem" },
  fontSizes: { xs: "0.75rem", sm: "0.875rem", md: "0.9375rem", lg: "1.0625rem", xl: "1.25rem" },
  components: {
    Modal: { defaultProps: { closeButtonProps: { "aria-label": "Close the window" } } },
    // A window's heading is not that of the page.
    ModalHeader: { defaultProps: { role: "presentation" } },
  },
  headings: {
    fontWeight: "600",
    sizes: { h1: { fontSize: "1.375rem", lineHeight: "1.3" }, h2: { fontSize: "1rem", lineHeight: "1.4" } },
  },
});
