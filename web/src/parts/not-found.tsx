import { Container, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";

/** Shown at an address that is none of the page's. */
export function NotFound() {
  return (
    <Container size="sm" py="xl">
      <Title order={1}>There is nothing here</Title>
      <Text mt="sm">
        The address leads to no page.{" "}
        <Link to="/jobs" className="link">
          Go to the jobs
        </Link>
        .
      </Text>
    </Container>
  );
}
