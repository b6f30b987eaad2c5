"""What is out there: spiders, manners, guard and archive. This room knows no indicator."""
