"""Markdown을 받아 Markdown을 냅니다."""
