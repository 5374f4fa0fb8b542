/** Mantine's button and menu item as links of the router: addresses are checked as those of `Link`. */
import { Button, type ButtonProps, Menu, type MenuItemProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, Ref } from "react";

type AnchorProps = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ButtonProps | keyof MenuItemProps> & {
  readonly ref?: Ref<HTMLAnchorElement>;
};

function AnchorButton(props: ButtonProps & AnchorProps) {
  return <Button component="a" {...props} />;
}

function AnchorItem(props: MenuItemProps & AnchorProps) {
  return <Menu.Item component="a" {...props} />;
}

/** A button that leads to another page. */
export const ButtonLink = createLink(AnchorButton);

/** An entry of a menu that leads to another page. */
export const MenuItemLink = createLink(AnchorItem);
