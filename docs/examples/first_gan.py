"""처음 만드는 GAN: 2 근처에 모이는 수를 만들어 냅니다. 실행: python first_gan.py"""

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

# --8<-- [start:real]
torch.manual_seed(0)
COUNT, SIZE = 64, 1  # 한 번에 뽑는 표본의 수, 표본 하나에 든 수의 개수


def real():
    return 2 + 0.5 * torch.randn(COUNT, SIZE)


# --8<-- [end:real]
# --8<-- [start:networks]
def network(inputs, outputs, width=32):
    middle = [nn.Linear(inputs, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU()]
    return nn.Sequential(*middle, nn.Linear(width, outputs))


generator = network(SIZE, SIZE)
discriminator = network(SIZE, 1)
# --8<-- [end:networks]
# --8<-- [start:optimizers]
generator_optimizer = torch.optim.SGD(generator.parameters(), lr=0.1)
discriminator_optimizer = torch.optim.SGD(discriminator.parameters(), lr=0.1)
ONE, ZERO = torch.ones(COUNT, 1), torch.zeros(COUNT, 1)  # 진짜와 가짜의 정답
# --8<-- [end:optimizers]


# --8<-- [start:discriminator]
def update_discriminator():
    fake = generator(torch.randn(COUNT, SIZE)).detach()
    loss = cross_entropy(discriminator(real()), ONE) + cross_entropy(discriminator(fake), ZERO)
    discriminator_optimizer.zero_grad()
    loss.backward()
    discriminator_optimizer.step()


# --8<-- [end:discriminator]
# --8<-- [start:generator]
def update_generator():
    fake = generator(torch.randn(COUNT, SIZE))
    loss = cross_entropy(discriminator(fake), ONE)
    generator_optimizer.zero_grad()
    loss.backward()
    generator_optimizer.step()


# --8<-- [end:generator]
# --8<-- [start:loop]
for step in range(401):
    if step % 50 == 0:
        fake = generator(torch.randn(1000, SIZE))
        print(f"{step:4}스텝: 평균 {fake.mean():5.2f}, 표준편차 {fake.std():.2f}")
    update_discriminator()
    update_generator()
# --8<-- [end:loop]
